import { useAppend } from "@app/hub/commands";
import type { Case, PlanState, Verdict } from "@teleneedle/protocol";
import { Button, ErrorNote, showToast, TextArea } from "@teleneedle/ui";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";

const VERDICTS: Verdict[] = ["agree", "agree_with_changes", "object"];

/** Agree, agree with changes, or object; the last two need words. */
export function OpinionForm({ case: shown, plan }: { case: Case; plan: PlanState }) {
  const { t } = useTranslation("mdt");
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  const [text, setText] = useState("");
  const give = useAppend<{ plan_sha256: string; verdict: Verdict; text: string }>(shown.id, "opinion.given");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!verdict) return;
    give.mutate(
      { body: { plan_sha256: plan.plan_sha256, verdict, text } },
      {
        onSuccess: () => {
          setVerdict(null);
          setText("");
          showToast(t("sent"));
        },
      },
    );
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-3 border-t border-line pt-4">
      <fieldset>
        <legend className="mb-1 text-label text-quiet">{t("give")}</legend>
        <div className="flex flex-wrap gap-x-5 gap-y-1">
          {VERDICTS.map((one) => (
            <label key={one} className="flex min-h-6 cursor-pointer items-center gap-2">
              <input
                type="radio"
                name="verdict"
                required
                className="size-4 accent-accent"
                checked={verdict === one}
                onChange={() => setVerdict(one)}
              />
              {t(`verdict.${one}`)}
            </label>
          ))}
        </div>
      </fieldset>
      <TextArea
        label={t("text")}
        required={verdict !== null && verdict !== "agree"}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <ErrorNote error={give.error} />
      <Button type="submit" look="primary" className="self-end" isBusy={give.isPending}>
        {t("send")}
      </Button>
    </form>
  );
}
