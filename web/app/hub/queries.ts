import { QueryClient, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type {
  Case,
  CaseEvent,
  CaseSummary,
  Device,
  Job,
  PlanState,
  StructureState,
} from "@teleneedle/protocol";
import { HubError } from "@teleneedle/protocol";
import { hub } from "./hub";

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      retry: (count, error) =>
        count < 2 && !(error instanceof HubError && error.status >= 400 && error.status < 500),
    },
  },
});

export const keys = {
  cases: ["cases"] as const,
  case: (id: string) => ["case", id] as const,
  events: (id: string) => ["case", id, "events"] as const,
  structures: (id: string) => ["case", id, "structures"] as const,
  plans: (id: string) => ["case", id, "plans"] as const,
  job: (id: string) => ["job", id] as const,
  caseJobs: (id: string) => ["case-jobs", id] as const,
  devices: ["devices"] as const,
  sites: ["sites"] as const,
  arrivals: (caseId: string) => ["case", caseId, "arriving"] as const,
  allArrivals: ["arriving"] as const,
};

export interface CaseFilter {
  state?: string;
  site_id?: string;
  q?: string;
}

export function useCases(filter: CaseFilter) {
  const given = Object.entries(filter).filter(([, value]) => value);
  return useInfiniteQuery({
    queryKey: [...keys.cases, Object.fromEntries(given)],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) => {
      const params = new URLSearchParams(given as [string, string][]);
      if (pageParam) params.set("cursor", pageParam);
      return hub.get<{ items: CaseSummary[]; next: string | null }>(`/api/cases?${params}`, { signal });
    },
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: (previous) => previous,
    refetchInterval: 15_000,
  });
}

const fetched = <T>(key: readonly unknown[], path: string) => ({
  queryKey: key,
  queryFn: ({ signal }: { signal: AbortSignal }) => hub.get<T>(path, { signal }),
});

export const useCase = (id: string) => useQuery(fetched<Case>(keys.case(id), `/api/cases/${id}`));

export const useEvents = (id: string) =>
  useQuery({
    ...fetched<{ events: CaseEvent[] }>(keys.events(id), `/api/cases/${id}/events`),
    select: (answer) => answer.events,
  });

export const useStructures = (id: string) =>
  useQuery(fetched<StructureState[]>(keys.structures(id), `/api/cases/${id}/structures`));

export const usePlans = (id: string) =>
  useQuery(fetched<PlanState[]>(keys.plans(id), `/api/cases/${id}/plans`));

export const useDevices = () => useQuery(fetched<Device[]>(keys.devices, "/api/devices"));

/** A job, asked again until it has ended; the case's stream brings its steps sooner. */
export const useJob = (id: string | null) =>
  useQuery({
    ...fetched<Job>(keys.job(id ?? ""), `/api/jobs/${id}`),
    enabled: id !== null,
    refetchInterval: (query) => {
      const state = query.state.data?.state;
      return state === undefined || state === "queued" || state === "running" ? 1500 : false;
    },
  });
