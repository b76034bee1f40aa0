import { hub } from "@app/hub/hub";
import { keys } from "@app/hub/queries";
import { useQuery } from "@tanstack/react-query";
import type { PlanResult } from "@teleneedle/protocol";
import { fetchContainer } from "../../load/fetchBytes";

export const addressOf = (result: PlanResult) => `/api/plans/${result.plan_sha256}/results/${result.sha256}`;

/** What engines computed for a version; asked anew when a job of the case ends. */
export const usePlanResults = (caseId: string, planSha: string | null) =>
  useQuery({
    queryKey: [...keys.case(caseId), "results", planSha],
    queryFn: () => hub.get<PlanResult[]>(`/api/plans/${planSha}/results`),
    enabled: planSha !== null,
  });

/** The arrays of one result; they never change. */
export const useResultArrays = (result: PlanResult) =>
  useQuery({
    queryKey: ["plan-result", result.sha256],
    queryFn: ({ signal }) => fetchContainer(addressOf(result), signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
