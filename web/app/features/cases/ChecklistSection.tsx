import { useAppend } from "@app/hub/commands";
import { useFormat } from "@app/i18n/useFormat";
import type { Case } from "@teleneedle/protocol";
import { Button, Section, StateMark, showToast } from "@teleneedle/ui";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { ChecklistRow } from "./ChecklistRow";
import { ConflictNote } from "./ConflictNote";
import { type Answers, type Question, questionsFor } from "./checklistRules";

const isOpenAnswer = (answer: unknown) => answer === undefined || answer === null || answer === "";

/** The pre-operative questions; an edit stays in the form until the hub has it. */
export function ChecklistSection({ case: shown, mayAnswer }: { case: Case; mayAnswer: boolean }) {
  const { t } = useTranslation("cases");
  const format = useFormat();
  const [edits, setEdits] = useState<Answers>({});
  const [seenSeq, setSeenSeq] = useState(shown.seq);
  const send = useAppend<{ answers: Answers }>(shown.id, "checklist.answered");
  const questions = questionsFor(shown.modality);
  const answers: Answers = { ...shown.checklist?.answers, ...edits };
  const open = questions.filter(({ key }) => isOpenAnswer(answers[key])).length;
  const isEdited = Object.keys(edits).length > 0;

  const edit = (key: Question, value: Answers[Question]) => {
    if (!isEdited) setSeenSeq(shown.seq);
    setEdits((before) => ({ ...before, [key]: value }));
  };
  const submit = (expectedSeq: number) => {
    const body = { answers: Object.fromEntries(questions.map(({ key }) => [key, answers[key] ?? null])) };
    send.mutate(
      { body, expectedSeq },
      {
        onSuccess: () => {
          setEdits({});
          showToast(t("saved"));
        },
      },
    );
  };
  return (
    <Section
      title={t("checklist.title")}
      actions={
        shown.checklist ? (
          <span className="text-label text-quiet">
            {t("checklist.answered", {
              name: shown.checklist.answered_by.name,
              at: format.dateTime(shown.checklist.at),
            })}
          </span>
        ) : (
          <StateMark mark="stop">{t("checklist.unanswered")}</StateMark>
        )
      }
    >
      <form
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          submit(seenSeq);
        }}
      >
        <div className="-my-1">
          {questions.map((question) => (
            <ChecklistRow
              key={question.key}
              question={question}
              answers={answers}
              modality={shown.modality}
              isEditable={mayAnswer}
              onChange={(value) => edit(question.key, value)}
            />
          ))}
        </div>
        <div className="mt-3 empty:hidden">
          <ConflictNote error={send.error} case={shown} sinceSeq={seenSeq} onSendAnyway={submit} />
        </div>
        {mayAnswer && (
          <div className="mt-3 flex items-center justify-end gap-3">
            {open > 0 && <StateMark mark="warn">{t("checklist.open", { count: open })}</StateMark>}
            <Button type="submit" look="primary" disabled={!isEdited} isBusy={send.isPending}>
              {t("checklist.save")}
            </Button>
          </div>
        )}
      </form>
    </Section>
  );
}
