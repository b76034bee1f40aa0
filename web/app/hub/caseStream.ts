import type { Arrival, CaseEvent, Presence } from "@teleneedle/protocol";
import { useEffect, useState } from "react";
import { takeJob } from "./caseJobs";
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
          void queryClient.invalidateQueries({ queryKey: keys.caseJobs(caseId) });
        },
        onLost: () => setIsLive(false),
        on: {
          case: (event: CaseEvent) => {
            const shown = queryClient.getQueryData<{ seq: number }>(keys.case(caseId));
            if (!shown || shown.seq < event.seq)
              void queryClient.invalidateQueries({ queryKey: keys.case(caseId) });
          },
          job: takeJob,
          arriving: (arrival: Arrival) => takeArrival(caseId, arrival),
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

/** The newest state of a series on its way, in the list of its case. */
function takeArrival(caseId: string, arrival: Arrival): void {
  queryClient.setQueryData<{ items: Arrival[] }>(keys.arrivals(caseId), (known) => {
    const others = known?.items.filter(({ id }) => id !== arrival.id) ?? [];
    return { items: [arrival, ...others] };
  });
}
