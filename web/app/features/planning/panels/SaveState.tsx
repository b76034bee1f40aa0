import { useLanguage } from "@app/i18n/useLanguage";
import { HubError } from "@teleneedle/protocol";
import { Button, StateMark } from "@teleneedle/ui";
import { useTranslation } from "react-i18next";
import { useDesk, useDeskState } from "../desk/useDesk";

/** What is edited and not yet saved, with the buttons that save it or let it go; else how far the images are. */
export function SaveState({
  mayEdit,
  isSaving,
  onSave,
  onSaveMasks,
}: {
  mayEdit: boolean;
  isSaving: boolean;
  onSave: () => void;
  onSaveMasks: () => void;
}) {
  const { t } = useTranslation("planning");
  const language = useLanguage();
  const desk = useDesk();
  const isEdited = useDeskState((state) => state.isEdited);
  const isRestored = useDeskState((state) => state.isRestored);
  const editedMasks = useDeskState((state) => state.editedMasks);
  const problem = useDeskState((state) => state.problem);
  const level = useDeskState((state) => state.level);
  const word = level === null ? "none" : level === 0 ? "fine" : "coarse";
  return (
    <div className="ml-auto flex flex-wrap items-center justify-end gap-2 whitespace-nowrap">
      {problem != null && (
        <StateMark mark="stop">
          {t("loadFailed")}
          {problem instanceof HubError ? `: ${problem.problem.title[language]}` : ""}
        </StateMark>
      )}
      {editedMasks.size > 0 && mayEdit && (
        <Button look="primary" onClick={onSaveMasks}>
          {t("saveMasks")}
        </Button>
      )}
      {isEdited && mayEdit && (
        <span className="flex items-center gap-1" data-testid="edited">
          <StateMark mark="warn">{isRestored ? t("restored") : t("edited")}</StateMark>
          <Button look="primary" isBusy={isSaving} onClick={onSave}>
            {t("save")}
          </Button>
          <Button onClick={() => desk.edits.discard()}>{t("discard")}</Button>
        </span>
      )}
      <span
        className={isEdited || editedMasks.size > 0 ? "sr-only" : "text-label text-quiet"}
        data-testid="image-state"
      >
        <span data-level={level ?? ""}>{t(`level.${word}`)}</span>
      </span>
    </div>
  );
}
