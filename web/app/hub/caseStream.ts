import type { CaseEvent, Job, Presence } from "@teleneedle/protocol";
import { useEffect, useState } from "react";
import { hub } from "./hub";
import { keys, queryClient } from "./queries";

export interface CaseStream {
  /** Everyone who has the case open, oneself included. */
  present: Presence[];
  isLive: boolean;
}

const HEARTBEAT_MS = 8000;

/** Follows a case while it is on screen: events and jobs renew what is shown, presence says who else is here. */
export function useCaseStream(caseId: string, where: string): CaseStream {
  const [present, setPresent] = useState<Presence[]>([]);
  const [isLive, setIsLive] = useState(false);

  useEffect(() => {
    const source = new EventSource(`/api/cases/${caseId}/stream`);
    source.onopen = () => {
      setIsLive(true);
      void queryClient.invalidateQueries({ queryKey: keys.case(caseId) });
    };
    source.onerror = () => setIsLive(false);
    source.addEventListener("case", (message) => {
      const event = JSON.parse(message.data) as CaseEvent;
      const shown = queryClient.getQueryData<{ seq: number }>(keys.case(caseId));
      if (!shown || shown.seq < event.seq)
        void queryClient.invalidateQueries({ queryKey: keys.case(caseId) });
    });
    source.addEventListener("job", (message) => {
      const job = JSON.parse(message.data) as Job;
      queryClient.setQueryData(keys.job(job.id), job);
    });
    source.addEventListener("presence", (message) => setPresent(JSON.parse(message.data) as Presence[]));
    return () => source.close();
  }, [caseId]);

  useEffect(() => {
    const say = () => void hub.post(`/api/cases/${caseId}/presence`, { where }).catch(() => setIsLive(false));
    say();
    const timer = setInterval(say, HEARTBEAT_MS);
    return () => clearInterval(timer);
  }, [caseId, where]);

  return { present, isLive };
}
