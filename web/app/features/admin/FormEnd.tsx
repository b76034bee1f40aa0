import { Button, ErrorNote } from "@teleneedle/ui";
import { useTranslation } from "react-i18next";

interface Props {
  saving: { error: unknown; isPending: boolean };
  onClose: () => void;
}

/** The end of a form in a dialog: what went wrong, and the buttons that leave or save it. */
export function FormEnd({ saving, onClose }: Props) {
  const { t } = useTranslation("admin");
  return (
    <>
      <ErrorNote error={saving.error} />
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>{t("cancel")}</Button>
        <Button type="submit" look="primary" isBusy={saving.isPending}>
          {t("save")}
        </Button>
      </div>
    </>
  );
}
