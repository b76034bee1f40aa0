import { Button, Dialog, ErrorNote } from "@teleneedle/ui";
import { useTranslation } from "react-i18next";

interface Props {
  /** What is revoked, and under which word. */
  of: { id: string; name: string };
  kind: "gateways" | "tokens";
  revoke: {
    error: unknown;
    isPending: boolean;
    mutate: (id: string, options: { onSuccess: () => void }) => void;
  };
  onClose: () => void;
}

/** Asks once more before a machine may not come in any longer. */
export function RevokeDialog({ of: { id, name }, kind, revoke, onClose }: Props) {
  const { t } = useTranslation("admin");
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t(`${kind}.revokeTitle`, { name })}
      description={t(`${kind}.revokeText`)}
    >
      <ErrorNote error={revoke.error} />
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>{t("cancel")}</Button>
        <Button
          look="primary"
          isBusy={revoke.isPending}
          onClick={() => revoke.mutate(id, { onSuccess: onClose })}
        >
          {t(`${kind}.revoke`)}
        </Button>
      </div>
    </Dialog>
  );
}
