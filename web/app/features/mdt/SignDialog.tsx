import { useAppend } from "@app/hub/commands";
import type { Case, PlanState } from "@teleneedle/protocol";
import { Button, Dialog, ErrorNote, showToast, TextField } from "@teleneedle/ui";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { hashToRetype, isRetyped } from "./signing";

interface SignDialogProps {
  case: Case;
  plan: PlanState;
  onClose: () => void;
}

/** A signature under exactly one version: the signer types the start of its hash, as it stands in the plan book. */
export function SignDialog({ case: shown, plan, onClose }: SignDialogProps) {
  const { t } = useTranslation("mdt");
  const [typed, setTyped] = useState("");
  const sign = useAppend<{ plan_sha256: string; plan_hash_read: string }>(shown.id, "plan.signed");
  const isComplete = typed.trim().length >= 8;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isRetyped(typed, plan)) return;
    sign.mutate(
      { body: { plan_sha256: plan.plan_sha256, plan_hash_read: plan.plan_sha256 } },
      {
        onSuccess: () => {
          showToast(t("signed"));
          onClose();
        },
      },
    );
  };
  const hash = hashToRetype(plan);
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t("signTitle", { version: plan.version })}
      description={t("signText")}
    >
      <form onSubmit={submit} className="flex flex-col gap-3">
        <div>
          <p className="text-label text-quiet">{t("hash")}</p>
          <p className="font-mono break-all">
            <strong className="text-needle">{hash}</strong>
            <span className="text-quiet">{plan.plan_sha256.slice(hash.length)}</span>
          </p>
        </div>
        <TextField
          label={t("retype")}
          error={isComplete && !isRetyped(typed, plan) ? t("retypeWrong") : undefined}
          className="font-mono"
          value={typed}
          maxLength={8}
          autoComplete="off"
          spellCheck={false}
          required
          autoFocus
          onPaste={(event) => event.preventDefault()}
          onChange={(event) => setTyped(event.target.value)}
        />
        <ErrorNote error={sign.error} />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button type="submit" look="primary" disabled={!isRetyped(typed, plan)} isBusy={sign.isPending}>
            {t("confirm")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
