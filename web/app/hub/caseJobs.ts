import type { Job } from "@teleneedle/protocol";
import { hub } from "./hub";
import { keys, queryClient } from "./queries";

export const isOpen = ({ state }: Job) => state === "queued" || state === "running";

/** Jobs of a case, newest first; one whose end the stream told of while the answer was on its way stays ended. */
export async function fetchCaseJobs(caseId: string): Promise<Job[]> {
  const answer = await hub.get<Job[]>(`/api/cases/${caseId}/jobs`);
  return answer.map((job) => {
    const told = queryClient.getQueryData<Job>(keys.job(job.id));
    return told && !isOpen(told) ? told : job;
  });
}

/** The newest step of a job, in its own place and in the list of its case. */
export function takeJob(job: Job): void {
  queryClient.setQueryData(keys.job(job.id), job);
  queryClient.setQueryData<Job[]>(keys.caseJobs(job.case_id), (jobs) =>
    jobs?.some(({ id }) => id === job.id)
      ? jobs.map((one) => (one.id === job.id ? job : one))
      : [job, ...(jobs ?? [])],
  );
}
