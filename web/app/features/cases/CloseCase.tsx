import { useAppend } from "@app/hub/commands";
import type { Case } from "@teleneedle/protocol";
import { Button, Dialog, ErrorNote } from "@teleneedle/ui";
import { useState } from "react";
import { useTranslation } from "react-i18next";

/** Ends a case after treatment; asked twice, since nothing is appended afterwards. */
export function CloseCase({ case: shown }: { case: Case }) {
  const { t } = useTranslation("cases");
  const [isAsking, setAsking] = useState(false);
  const close = useAppend<object>(shown.id, "case.closed");
  if (shown.state !== "treated" && shown.state !== "follow_up") return null;
  return (
    <>
      <Button onClick={() => setAsking(true)}>{t("close")}</Button>
      <Dialog
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        title={t("closeTitle")}
        description={t("closeText")}
      >
        <ErrorNote error={close.error} />
        <div className="mt-4 flex justify-end gap-2">
          <Button onClick={() => setAsking(false)}>{t("cancel")}</Button>
          <Button
            look="danger"
            isBusy={close.isPending}
            onClick={() => close.mutate({ body: {} }, { onSuccess: () => setAsking(false) })}
          >
            {t("close")}
          </Button>
        </div>
      </Dialog>
    </>
  );
}
