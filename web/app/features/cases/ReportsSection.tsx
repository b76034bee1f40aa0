import { useAppend } from "@app/hub/commands";
import { useFormat } from "@app/i18n/useFormat";
import type { Case } from "@teleneedle/protocol";
import { Button, ErrorNote, Section, TextArea, TextField } from "@teleneedle/ui";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";

interface ReportsSectionProps {
  case: Case;
  mayFile: boolean;
  mayRecord: boolean;
}

/** The procedure as it was done, and the reports about it. */
export function ReportsSection({ case: shown, mayFile, mayRecord }: ReportsSectionProps) {
  const { t } = useTranslation("cases");
  const format = useFormat();
  const [form, setForm] = useState<"report" | "treatment" | null>(null);
  const canRecord = mayRecord && shown.approval !== null;
  if (shown.reports.length + shown.treatments.length === 0 && !shown.approval) return null;
  return (
    <Section
      title={t("reports.title")}
      actions={
        <>
          {canRecord && <Button onClick={() => setForm("treatment")}>{t("reports.treated")}</Button>}
          {mayFile && <Button onClick={() => setForm("report")}>{t("reports.file")}</Button>}
        </>
      }
    >
      <div className="flex flex-col gap-3">
        {form === "report" && <ReportForm caseId={shown.id} onDone={() => setForm(null)} />}
        {form === "treatment" && <TreatmentForm caseId={shown.id} onDone={() => setForm(null)} />}
        {shown.treatments.map((treatment) => (
          <article key={treatment.at}>
            <h3 className="font-medium">
              {t("reports.treatedAt")} {format.dateTime(treatment.treated_at)}
            </h3>
            <p className="whitespace-pre-wrap">{treatment.note}</p>
            <p className="text-label text-quiet">{treatment.recorded_by.name}</p>
          </article>
        ))}
        {shown.reports.map((report) => (
          <article key={report.seq}>
            <h3 className="font-medium">{report.title}</h3>
            <p className="whitespace-pre-wrap">{report.text}</p>
            <p className="text-label text-quiet">
              {report.author.name} · {format.dateTime(report.at)}
            </p>
          </article>
        ))}
        {shown.reports.length + shown.treatments.length === 0 && form === null && (
          <p className="text-quiet">{t("reports.none")}</p>
        )}
      </div>
    </Section>
  );
}

interface FormProps {
  caseId: string;
  onDone: () => void;
}

function ReportForm({ caseId, onDone }: FormProps) {
  const { t } = useTranslation("cases");
  const file = useAppend<{ title: string; text: string }>(caseId, "report.filed");
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const body = { title: String(form.get("title")), text: String(form.get("text")) };
    file.mutate({ body }, { onSuccess: onDone });
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-3">
      <TextField label={t("reports.reportTitle")} name="title" required maxLength={500} />
      <TextArea label={t("reports.text")} name="text" required rows={5} />
      <ErrorNote error={file.error} />
      <FormEnd onCancel={onDone} isBusy={file.isPending} />
    </form>
  );
}

function TreatmentForm({ caseId, onDone }: FormProps) {
  const { t } = useTranslation("cases");
  const record = useAppend<{ at: string; note: string }>(caseId, "treatment.recorded");
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const body = { at: new Date(String(form.get("at"))).toISOString(), note: String(form.get("note")) };
    record.mutate({ body }, { onSuccess: onDone });
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-3">
      <TextField label={t("reports.treatedAt")} name="at" type="datetime-local" required />
      <TextArea label={t("reports.note")} name="note" />
      <ErrorNote error={record.error} />
      <FormEnd onCancel={onDone} isBusy={record.isPending} />
    </form>
  );
}

export function FormEnd({ onCancel, isBusy }: { onCancel: () => void; isBusy: boolean }) {
  const { t } = useTranslation("cases");
  return (
    <div className="flex justify-end gap-2">
      <Button onClick={onCancel}>{t("cancel")}</Button>
      <Button type="submit" look="primary" isBusy={isBusy}>
        {t("save")}
      </Button>
    </div>
  );
}
