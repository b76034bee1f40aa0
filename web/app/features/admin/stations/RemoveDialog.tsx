import { Button, Dialog, ErrorNote } from "@teleneedle/ui";
import { useTranslation } from "react-i18next";

interface RemoveDialogProps {
  title: string;
  text: string;
  error: unknown;
  isBusy: boolean;
  onRemove: () => void;
  onClose: () => void;
}

/** Asks once more before something is removed, and says what goes with it. */
export function RemoveDialog({ title, text, error, isBusy, onRemove, onClose }: RemoveDialogProps) {
  const { t } = useTranslation("admin");
  return (
    <Dialog isOpen onClose={onClose} title={title} description={text}>
      <ErrorNote error={error} />
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>{t("cancel")}</Button>
        <Button look="primary" isBusy={isBusy} onClick={onRemove}>
          {t("stations.remove")}
        </Button>
      </div>
    </Dialog>
  );
}
