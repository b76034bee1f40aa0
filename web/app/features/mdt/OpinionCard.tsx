import { useAppend } from "@app/hub/commands";
import { hasRole } from "@app/hub/useSession";
import { useFormat } from "@app/i18n/useFormat";
import type { Case, Opinion, Session, Verdict } from "@teleneedle/protocol";
import { Button, ErrorNote, type Mark, StateMark, TextArea } from "@teleneedle/ui";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";

const MARKS: Record<Verdict, Mark> = { agree: "ok", agree_with_changes: "warn", object: "stop" };

interface OpinionCardProps {
  case: Case;
  opinion: Opinion;
  session: Session;
  isSettled: boolean;
}

/** One opinion; an objection is answered by an expert or withdrawn by its author. */
export function OpinionCard({ case: shown, opinion, session, isSettled }: OpinionCardProps) {
  const { t } = useTranslation("mdt");
  const format = useFormat();
  const isMine = opinion.person.id === session.person.id;
  return (
    <article className="border-l-2 border-line pl-3">
      <div className="flex flex-wrap items-baseline justify-between gap-x-3">
        <h3 className="font-medium">{opinion.person.name}</h3>
        <span className="flex gap-3">
          <StateMark mark={opinion.withdrawn_at ? "unknown" : MARKS[opinion.verdict]}>
            {t(`verdict.${opinion.verdict}`)}
          </StateMark>
          {opinion.verdict === "object" && <Standing opinion={opinion} />}
        </span>
      </div>
      {opinion.text && <p className="whitespace-pre-wrap break-words">{opinion.text}</p>}
      <p className="text-label text-quiet">{format.dateTime(opinion.at)}</p>
      {opinion.answer && (
        <div className="mt-2 rounded bg-raised px-3 py-2">
          <p className="whitespace-pre-wrap break-words">{opinion.answer}</p>
          <p className="text-label text-quiet">
            {opinion.answered_by?.name} · {opinion.answered_at && format.dateTime(opinion.answered_at)}
          </p>
        </div>
      )}
      {opinion.is_open && !isSettled && isMine && <Withdrawal caseId={shown.id} opinion={opinion} />}
      {opinion.is_open && !isSettled && !isMine && hasRole(session, ["expert"]) && (
        <AnswerForm caseId={shown.id} opinion={opinion} />
      )}
    </article>
  );
}

function Standing({ opinion }: { opinion: Opinion }) {
  const { t } = useTranslation("mdt");
  if (opinion.withdrawn_at) return <StateMark mark="ok">{t("withdrawn")}</StateMark>;
  return opinion.is_open ? (
    <StateMark mark="stop">{t("open")}</StateMark>
  ) : (
    <StateMark mark="ok">{t("answered")}</StateMark>
  );
}

function Withdrawal({ caseId, opinion }: { caseId: string; opinion: Opinion }) {
  const { t } = useTranslation("mdt");
  const withdraw = useAppend<{ opinion_seq: number }>(caseId, "objection.withdrawn");
  return (
    <div className="mt-2">
      <ErrorNote error={withdraw.error} />
      <Button
        isBusy={withdraw.isPending}
        onClick={() => withdraw.mutate({ body: { opinion_seq: opinion.seq } })}
      >
        {t("withdraw")}
      </Button>
    </div>
  );
}

function AnswerForm({ caseId, opinion }: { caseId: string; opinion: Opinion }) {
  const { t } = useTranslation("mdt");
  const [isOpen, setOpen] = useState(false);
  const [text, setText] = useState("");
  const answer = useAppend<{ opinion_seq: number; text: string }>(caseId, "objection.answered");
  if (!isOpen)
    return (
      <Button className="mt-2" onClick={() => setOpen(true)}>
        {t("answer")}
      </Button>
    );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    answer.mutate({ body: { opinion_seq: opinion.seq, text } });
  };
  return (
    <form onSubmit={submit} className="mt-2 flex flex-col gap-2">
      <TextArea
        label={t("answerText")}
        required
        autoFocus
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <ErrorNote error={answer.error} />
      <div className="flex justify-end gap-2">
        <Button onClick={() => setOpen(false)}>{t("cancel")}</Button>
        <Button type="submit" look="primary" isBusy={answer.isPending}>
          {t("sendAnswer")}
        </Button>
      </div>
    </form>
  );
}
