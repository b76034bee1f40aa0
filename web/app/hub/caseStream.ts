import type { CaseEvent, Job, Presence } from "@teleneedle/protocol";
import { useEffect, useState } from "react";
import { hub, sessions } from "./hub";
import { openStream } from "./openStream";
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

  useEffect(
    () =>
      openStream(`/api/cases/${caseId}/stream`, {
        onOpen: () => {
          setIsLive(true);
          void queryClient.invalidateQueries({ queryKey: keys.case(caseId) });
        },
        onLost: () => setIsLive(false),
        on: {
          case: (event: CaseEvent) => {
            const shown = queryClient.getQueryData<{ seq: number }>(keys.case(caseId));
            if (!shown || shown.seq < event.seq)
              void queryClient.invalidateQueries({ queryKey: keys.case(caseId) });
          },
          job: (job: Job) => queryClient.setQueryData(keys.job(job.id), job),
          presence: (present: Presence[]) => setPresent(present),
        },
      }),
    [caseId],
  );

  useEffect(() => {
    const say = () => {
      if (sessions.getState().kind !== "in") return;
      void hub.post(`/api/cases/${caseId}/presence`, { where }).catch(() => setIsLive(false));
    };
    say();
    const timer = setInterval(say, HEARTBEAT_MS);
    return () => clearInterval(timer);
  }, [caseId, where]);

  return { present, isLive };
}
