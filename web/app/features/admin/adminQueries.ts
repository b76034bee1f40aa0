import { hub } from "@app/hub/hub";
import { queryClient } from "@app/hub/queries";
import { useMutation, useQuery } from "@tanstack/react-query";
import type { Limits, Person, Role, Site } from "@teleneedle/protocol";

export interface PersonRecord extends Omit<Person, "memberships"> {
  memberships: { site_id: string; role: Role }[];
  is_active: boolean;
  has_totp?: boolean;
}

export interface PersonBody {
  name: string;
  email?: string;
  password?: string;
  locale?: string;
  memberships: { site_id: string; role: Role }[];
}

export interface ApiToken {
  id: string;
  name: string;
  site_id: string;
  role: Role;
  created_by: string;
  created_at: string;
  expires_at: string;
  last_used_at: string | null;
  revoked_at: string | null;
}

export interface NewToken {
  name: string;
  site_id: string;
  role: Role;
  valid_days: number;
}

export interface Gateway {
  id: string;
  site_id: string;
  name: string;
  created_at: string;
  revoked_at: string | null;
  certificate_ends_at: string | null;
  last_seen_at: string | null;
  is_connected: boolean;
  rate_bytes_per_s: number;
  clock_difference_s: number | null;
  software: string;
}

export interface GatewayCode {
  code: string;
  name: string;
  site_id: string;
  expires_at: string;
  link_port: number;
}

const keys = {
  sites: ["admin", "sites"],
  people: ["admin", "people"],
  tokens: ["admin", "tokens"],
  gateways: ["admin", "gateways"],
  limits: ["admin", "limits"],
};
const renew = (queryKey: readonly string[]) => () => void queryClient.invalidateQueries({ queryKey });

export const useSites = () =>
  useQuery({ queryKey: keys.sites, queryFn: () => hub.get<Site[]>("/api/admin/sites") });

export const usePeople = () =>
  useQuery({ queryKey: keys.people, queryFn: () => hub.get<PersonRecord[]>("/api/admin/people") });

export const useLimits = () =>
  useQuery({ queryKey: keys.limits, queryFn: () => hub.get<Limits>("/api/admin/limits") });

/** Adds a site when there is no id, changes it otherwise. */
export const useSaveSite = () =>
  useMutation({
    mutationFn: ({ id, ...body }: Partial<Site>) =>
      id ? hub.call("PATCH", `/api/admin/sites/${id}`, { body }) : hub.post("/api/admin/sites", body),
    onSuccess: renew(keys.sites),
  });

export const useSavePerson = () =>
  useMutation({
    mutationFn: ({ id, ...body }: Partial<PersonBody> & { id?: string | undefined; is_active?: boolean }) =>
      id ? hub.call("PATCH", `/api/admin/people/${id}`, { body }) : hub.post("/api/admin/people", body),
    onSuccess: renew(keys.people),
  });

/** Somebody lost their second factor: the password is enough again, their sign-ins end. */
export const useRemoveSecondFactor = () =>
  useMutation({
    mutationFn: (id: string) => hub.call("DELETE", `/api/admin/people/${id}/totp`),
    onSuccess: renew(keys.people),
  });

export const useTokens = () =>
  useQuery({ queryKey: keys.tokens, queryFn: () => hub.get<ApiToken[]>("/api/admin/tokens") });

/** The answer holds the token's text, which the hub does not keep. */
export const useIssueToken = () =>
  useMutation({
    mutationFn: (body: NewToken) => hub.post<ApiToken & { token: string }>("/api/admin/tokens", body),
    gcTime: 0,
    onSuccess: renew(keys.tokens),
  });

export const useRevokeToken = () =>
  useMutation({
    mutationFn: (id: string) => hub.call("DELETE", `/api/admin/tokens/${id}`),
    onSuccess: renew(keys.tokens),
  });

export const useSaveLimits = () =>
  useMutation({
    mutationFn: (limits: Limits) => hub.call("PUT", "/api/admin/limits", { body: limits }),
    onSuccess: renew(keys.limits),
  });

const LOOK_AGAIN_MS = 15_000;

/** Gateways and how they do; looked at again every few seconds while the page is open. */
export const useGateways = () =>
  useQuery({
    queryKey: keys.gateways,
    queryFn: () => hub.get<Gateway[]>("/api/admin/gateways"),
    refetchInterval: LOOK_AGAIN_MS,
  });

export const useMakeCode = () =>
  useMutation({
    mutationFn: (body: { site_id: string; name: string }) =>
      hub.post<GatewayCode>("/api/admin/gateways/codes", body),
    gcTime: 0,
  });

export const useRenameGateway = () =>
  useMutation({
    mutationFn: ({ id, name }: { id: string; name: string }) =>
      hub.call("PATCH", `/api/admin/gateways/${id}`, { body: { name } }),
    onSuccess: renew(keys.gateways),
  });

export const useRevokeGateway = () =>
  useMutation({
    mutationFn: (id: string) => hub.call("DELETE", `/api/admin/gateways/${id}`),
    onSuccess: renew(keys.gateways),
  });
