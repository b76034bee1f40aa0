import { useMutation } from "@tanstack/react-query";
import type { Case, CaseEvent } from "@teleneedle/protocol";
import { useRef } from "react";
import { hub } from "./hub";
import { keys, queryClient } from "./queries";

export interface Appended {
  event: CaseEvent;
  case: Case;
}

/**
 * Appends one kind of event to a case.
 *
 * The command id belongs to what the person wants, not to the request: a repeat after a lost answer carries
 * the same id, so the hub writes it once. `expected_seq` is what the person was looking at.
 */
export function useAppend<Body extends object>(caseId: string, kind: string) {
  const pending = useRef<{ content: string; id: string } | null>(null);
  return useMutation<Appended, Error, { body: Body; expectedSeq?: number }>({
    mutationFn: ({ body, expectedSeq }) => {
      const content = JSON.stringify([body, expectedSeq]);
      if (pending.current?.content !== content) pending.current = { content, id: crypto.randomUUID() };
      return hub.post<Appended>(`/api/cases/${caseId}/events`, {
        command_id: pending.current.id,
        kind,
        body,
        ...(expectedSeq === undefined ? {} : { expected_seq: expectedSeq }),
      });
    },
    onSuccess: (answer) => {
      pending.current = null;
      queryClient.setQueryData(keys.case(caseId), answer.case);
      void queryClient.invalidateQueries({ queryKey: keys.case(caseId) });
      void queryClient.invalidateQueries({ queryKey: keys.cases });
    },
  });
}
