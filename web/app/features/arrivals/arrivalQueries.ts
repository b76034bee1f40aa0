import { hub } from "@app/hub/hub";
import { keys, queryClient } from "@app/hub/queries";
import { useMutation, useQuery } from "@tanstack/react-query";
import type { Arrival, Identity } from "@teleneedle/protocol";

type Items = { items: Arrival[] };
const POLL_MS = 4000;

/** Series on their way into a case; the case's stream brings changes sooner. */
export const useCaseArrivals = (caseId: string) =>
  useQuery({
    queryKey: keys.arrivals(caseId),
    queryFn: ({ signal }) => hub.get<Items>(`/api/cases/${caseId}/arriving`, { signal }),
    select: ({ items }) => items,
    refetchInterval: 3 * POLL_MS,
  });

/** Everything that is on its way to the person's hospitals, whether its case is known or not. */
export const useArrivals = () =>
  useQuery({
    queryKey: keys.allArrivals,
    queryFn: ({ signal }) => hub.get<Items>("/api/arriving", { signal }),
    select: ({ items }) => items,
    refetchInterval: POLL_MS,
  });

const renewed = (arrival: Arrival) => {
  void queryClient.invalidateQueries({ queryKey: keys.allArrivals });
  void queryClient.invalidateQueries({ queryKey: keys.cases });
  if (arrival.case_id) void queryClient.invalidateQueries({ queryKey: keys.arrivals(arrival.case_id) });
};

/** Ask the gateway to send this series before all others. */
export const useUrgent = (arrivalId: string) =>
  useMutation<Arrival>({
    mutationFn: () =>
      hub.post<Arrival>(`/api/arriving/${arrivalId}/urgent`, { command_id: crypto.randomUUID() }),
    onSuccess: renewed,
  });

export interface Confirmation {
  case_id: string;
  /** The identity in the images, as the person saw it. */
  expected: Identity;
}

/** Put images into a case after both identities were compared. */
export const useConfirm = (arrivalId: string) =>
  useMutation<Arrival, Error, Confirmation>({
    mutationFn: (body) =>
      hub.post<Arrival>(`/api/arriving/${arrivalId}/confirm`, { command_id: crypto.randomUUID(), ...body }),
    onSuccess: renewed,
  });

export const isOpen = ({ state }: Arrival): boolean => state !== "complete";
export const isUnsure = ({ state }: Arrival): boolean => state === "held" || state === "quarantined";
