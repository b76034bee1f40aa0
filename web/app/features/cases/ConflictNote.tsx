import { hub } from "@app/hub/hub";
import { useQuery } from "@tanstack/react-query";
import { type Case, type CaseEvent, HubError } from "@teleneedle/protocol";
import { Banner, Button, ErrorNote } from "@teleneedle/ui";
import { useTranslation } from "react-i18next";
import { EventList } from "./Timeline";

interface ConflictNoteProps {
  error: Error | null;
  case: Case;
  /** The last event that the person had seen. */
  sinceSeq: number;
  onSendAnyway: (seenSeq: number) => void;
}

/** A failed edit: a conflict shows what others did meanwhile and keeps the edit; anything else is said as it is. */
export function ConflictNote({ error, case: shown, sinceSeq, onSendAnyway }: ConflictNoteProps) {
  const { t } = useTranslation("cases");
  const isConflict = error instanceof HubError && error.isConflict && error.code === "conflict";
  const since = useQuery({
    queryKey: ["case", shown.id, "events", "since", sinceSeq],
    queryFn: () => hub.get<{ events: CaseEvent[] }>(`/api/cases/${shown.id}/events?after=${sinceSeq}`),
    enabled: isConflict,
    staleTime: 0,
  });
  const events = since.data?.events ?? [];
  if (!isConflict || events.length === 0) return error && <ErrorNote error={error} />;
  const last = events.at(-1)?.seq ?? sinceSeq;
  return (
    <Banner
      mark="warn"
      title={t("conflictTitle")}
      actions={<Button onClick={() => onSendAnyway(last)}>{t("conflictSend")}</Button>}
    >
      <p className="mb-2">{t("conflictText")}</p>
      <EventList events={events} case={shown} />
    </Banner>
  );
}
