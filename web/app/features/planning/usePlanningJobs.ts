import { fetchCaseJobs, isOpen } from "@app/hub/caseJobs";
import { hub } from "@app/hub/hub";
import { keys, queryClient } from "@app/hub/queries";
import { useQuery } from "@tanstack/react-query";
import type { Job } from "@teleneedle/protocol";
import { useEffect, useRef } from "react";

/**
 * Jobs of a case: their steps come with the case's stream, and so does every structure as soon as it is there.
 * Only while the stream is cut off the hub is asked again and again. What a job made is fetched anew when it ends; `onOwnEnded` hears of
 * those that were ordered on this page, not of what others ordered.
 */
export function usePlanningJobs(caseId: string, isLive: boolean, onOwnEnded: (job: Job) => void) {
  const jobs = useQuery({
    queryKey: keys.caseJobs(caseId),
    queryFn: () => fetchCaseJobs(caseId),
    refetchInterval: isLive ? false : 3000,
  });
  const running = jobs.data?.filter(isOpen) ?? [];
  const open = useRef(new Set<string>());
  const own = useRef(new Set<string>());
  const told = useRef(onOwnEnded);
  told.current = onOwnEnded;
  useEffect(() => {
    for (const job of jobs.data ?? []) {
      if (isOpen(job)) {
        open.current.add(job.id);
      } else if (open.current.delete(job.id)) {
        void queryClient.invalidateQueries({ queryKey: keys.case(caseId) });
        if (own.current.delete(job.id)) told.current(job);
      }
    }
  }, [jobs.data, caseId]);
  const order = async (route: string, body: object) => {
    const job = await hub.post<Job>(`/api/cases/${caseId}/${route}`, {
      command_id: crypto.randomUUID(),
      ...body,
    });
    open.current.add(job.id);
    own.current.add(job.id);
    const now = (await jobs.refetch()).data?.find(({ id }) => id === job.id);
    if (now && !isOpen(now) && own.current.delete(job.id)) told.current(now);
  };
  const cancel = (job: Job) => hub.call<Job>("DELETE", `/api/jobs/${job.id}`).then(() => jobs.refetch());
  return { running, order, cancel };
}
