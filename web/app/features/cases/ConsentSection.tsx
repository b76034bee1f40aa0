import { useAppend } from "@app/hub/commands";
import { useFormat } from "@app/i18n/useFormat";
import type { Case } from "@teleneedle/protocol";
import { Button, ErrorNote, Fact, Section, StateMark, TextField } from "@teleneedle/ui";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";

export function ConsentSection({ case: shown, mayRecord }: { case: Case; mayRecord: boolean }) {
  const { t } = useTranslation("cases");
  const format = useFormat();
  const [isWriting, setWriting] = useState(false);
  const record = useAppend<{ signed_on: string; document_note: string }>(shown.id, "consent.recorded");
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    record.mutate(
      { body: { signed_on: String(form.get("signed_on")), document_note: String(form.get("note")) } },
      { onSuccess: () => setWriting(false) },
    );
  };
  return (
    <Section
      title={t("consent.title")}
      actions={
        shown.consent ? (
          <StateMark mark="ok">{t("consent.recorded")}</StateMark>
        ) : (
          <StateMark mark="stop">{t("consent.none")}</StateMark>
        )
      }
    >
      {shown.consent && (
        <dl>
          <Fact name={t("consent.signedOn")}>{format.date(shown.consent.signed_on)}</Fact>
          {shown.consent.document_note && <Fact name={t("consent.note")}>{shown.consent.document_note}</Fact>}
        </dl>
      )}
      {!shown.consent && mayRecord && !isWriting && (
        <Button onClick={() => setWriting(true)}>{t("consent.record")}</Button>
      )}
      {!shown.consent && !mayRecord && <p className="text-quiet">{t("consent.none")}</p>}
      {!shown.consent && isWriting && (
        <form onSubmit={submit} className="flex flex-col gap-3">
          <TextField
            label={t("consent.signedOn")}
            name="signed_on"
            type="date"
            max={new Date().toISOString().slice(0, 10)}
            required
          />
          <TextField label={t("consent.note")} hint={t("consent.noteHint")} name="note" />
          <ErrorNote error={record.error} />
          <div className="flex justify-end gap-2">
            <Button onClick={() => setWriting(false)}>{t("cancel")}</Button>
            <Button type="submit" look="primary" isBusy={record.isPending}>
              {t("save")}
            </Button>
          </div>
        </form>
      )}
    </Section>
  );
}
