import { useEvents } from "@app/hub/queries";
import { useFormat } from "@app/i18n/useFormat";
import type { Case, CaseEvent } from "@teleneedle/protocol";
import { ErrorNote } from "@teleneedle/ui";
import { useEventSentence } from "./eventSentence";

/** What happened, newest first. */
export function Timeline({ caseId, case: shown }: { caseId: string; case: Case }) {
  const query = useEvents(caseId);
  if (query.error) return <ErrorNote error={query.error} onRetry={() => void query.refetch()} />;
  return <EventList events={[...(query.data ?? [])].reverse()} case={shown} />;
}

export function EventList({ events, case: shown }: { events: CaseEvent[]; case: Case }) {
  const sentence = useEventSentence(shown);
  const format = useFormat();
  return (
    <ol className="flex flex-col gap-3">
      {events.map((event) => (
        <li key={event.seq} className="relative border-l border-line pl-4">
          <span aria-hidden className="absolute top-1.5 -left-1 size-2 rounded-full bg-edge" />
          <p className="break-words">
            <span className="font-medium">{event.actor.name}</span> {sentence(event)}
          </p>
          <p className="text-label text-quiet">{format.dateTime(event.at)}</p>
        </li>
      ))}
    </ol>
  );
}
