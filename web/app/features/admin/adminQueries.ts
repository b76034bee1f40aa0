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

const keys = { sites: ["admin", "sites"], people: ["admin", "people"], limits: ["admin", "limits"] };
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

export const useSaveLimits = () =>
  useMutation({
    mutationFn: (limits: Limits) => hub.call("PUT", "/api/admin/limits", { body: limits }),
    onSuccess: renew(keys.limits),
  });
