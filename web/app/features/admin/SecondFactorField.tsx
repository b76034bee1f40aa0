import { Button, ErrorNote } from "@teleneedle/ui";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useRemoveSecondFactor } from "./adminQueries";

/** Removes the second factor of somebody who lost it, after a second look. */
export function SecondFactorField({ personId, onDone }: { personId: string; onDone: () => void }) {
  const { t } = useTranslation("admin");
  const [isAsking, setAsking] = useState(false);
  const remove = useRemoveSecondFactor();
  if (!isAsking) return <Button onClick={() => setAsking(true)}>{t("people.removeTwoFactor")}</Button>;
  return (
    <div className="flex flex-col gap-2 rounded border border-warn p-3">
      <p>{t("people.removeTwoFactorText")}</p>
      <ErrorNote error={remove.error} />
      <div className="flex justify-end gap-2">
        <Button onClick={() => setAsking(false)}>{t("cancel")}</Button>
        <Button isBusy={remove.isPending} onClick={() => remove.mutate(personId, { onSuccess: onDone })}>
          {t("people.removeTwoFactorConfirm")}
        </Button>
      </div>
    </div>
  );
}
