import { useAppend } from "@app/hub/commands";
import { useFormat } from "@app/i18n/useFormat";
import type { Case, Task } from "@teleneedle/protocol";
import { Button, ErrorNote, Section, StateMark, TextField } from "@teleneedle/ui";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { FormEnd } from "./ReportsSection";

/** What is still to be done for the patient, the next date first. */
export function TasksSection({ case: shown, mayKeep }: { case: Case; mayKeep: boolean }) {
  const { t } = useTranslation("cases");
  const [isWriting, setWriting] = useState(false);
  const add = useAppend<{ id: string; text: string; due: string | null }>(shown.id, "task.added");
  const tasks = [...shown.tasks].sort(
    (a, b) =>
      Number(Boolean(a.done_at)) - Number(Boolean(b.done_at)) || (a.due ?? "9").localeCompare(b.due ?? "9"),
  );
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const due = String(form.get("due"));
    add.mutate(
      { body: { id: crypto.randomUUID(), text: String(form.get("text")), due: due || null } },
      { onSuccess: () => setWriting(false) },
    );
  };
  return (
    <Section
      title={t("tasks.title")}
      actions={mayKeep && !isWriting && <Button onClick={() => setWriting(true)}>{t("tasks.add")}</Button>}
    >
      <div className="flex flex-col gap-3">
        {isWriting && (
          <form onSubmit={submit} className="flex flex-col gap-3">
            <TextField label={t("tasks.text")} name="text" required maxLength={500} />
            <TextField label={t("tasks.due")} name="due" type="date" />
            <ErrorNote error={add.error} />
            <FormEnd onCancel={() => setWriting(false)} isBusy={add.isPending} />
          </form>
        )}
        {tasks.length === 0 && !isWriting && <p className="text-quiet">{t("tasks.none")}</p>}
        {tasks.length > 0 && (
          <ul>
            {tasks.map((task) => (
              <TaskLine key={task.id} caseId={shown.id} task={task} mayKeep={mayKeep} />
            ))}
          </ul>
        )}
      </div>
    </Section>
  );
}

function TaskLine({ caseId, task, mayKeep }: { caseId: string; task: Task; mayKeep: boolean }) {
  const { t } = useTranslation("cases");
  const format = useFormat();
  const finish = useAppend<{ id: string }>(caseId, "task.done");
  const isOverdue = !task.done_at && task.due !== null && task.due < new Date().toISOString().slice(0, 10);
  return (
    <li className="border-b border-line/70 py-1.5 last:border-b-0">
      <div className="flex items-center justify-between gap-3">
        <div className="min-w-0">
          <p className={task.done_at ? "text-quiet" : ""}>{task.text}</p>
          {task.due && (
            <p className="text-label text-quiet">
              {t("tasks.due")} {format.date(task.due)}
            </p>
          )}
        </div>
        {task.done_at ? (
          <StateMark mark="ok">{t("tasks.doneAt")}</StateMark>
        ) : (
          <span className="flex items-center gap-2">
            {isOverdue && <StateMark mark="warn">{t("tasks.overdue")}</StateMark>}
            {mayKeep && (
              <Button isBusy={finish.isPending} onClick={() => finish.mutate({ body: { id: task.id } })}>
                {t("tasks.done")}
              </Button>
            )}
          </span>
        )}
      </div>
      <ErrorNote error={finish.error} />
    </li>
  );
}
