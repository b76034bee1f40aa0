import { hub } from "@app/hub/hub";
import { keys, queryClient } from "@app/hub/queries";
import { useQuery } from "@tanstack/react-query";
import type { Job } from "@teleneedle/protocol";
import { useEffect, useRef } from "react";

const isOpen = ({ state }: Job) => state === "queued" || state === "running";

/** Jobs of a case, asked again while one is open; what a job made is fetched anew when it ends. */
export function usePlanningJobs(caseId: string, onEnded: (job: Job) => void) {
  const jobs = useQuery({
    queryKey: ["case-jobs", caseId],
    queryFn: () => hub.get<Job[]>(`/api/cases/${caseId}/jobs`),
    refetchInterval: ({ state }) => (state.data?.some(isOpen) ? 700 : 5000),
  });
  const running = jobs.data?.filter(isOpen) ?? [];
  const open = useRef(new Set<string>());
  const told = useRef(onEnded);
  told.current = onEnded;
  useEffect(() => {
    for (const job of jobs.data ?? []) {
      if (isOpen(job)) {
        open.current.add(job.id);
        void queryClient.invalidateQueries({ queryKey: keys.structures(caseId) });
      } else if (open.current.delete(job.id)) {
        void queryClient.invalidateQueries({ queryKey: keys.structures(caseId) });
        void queryClient.invalidateQueries({ queryKey: keys.plans(caseId) });
        void queryClient.invalidateQueries({ queryKey: keys.case(caseId) });
        told.current(job);
      }
    }
  }, [jobs.data, caseId]);
  const order = async (route: string, body: object) => {
    const job = await hub.post<Job>(`/api/cases/${caseId}/${route}`, {
      command_id: crypto.randomUUID(),
      ...body,
    });
    open.current.add(job.id);
    await jobs.refetch();
  };
  const cancel = (job: Job) => hub.call<Job>("DELETE", `/api/jobs/${job.id}`).then(() => jobs.refetch());
  return { running, order, cancel };
}
