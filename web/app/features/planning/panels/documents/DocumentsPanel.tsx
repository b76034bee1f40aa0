import { useTranslation } from "react-i18next";
import { useDeskState } from "../../desk/useDesk";
import { FilesPanel } from "../FilesPanel";
import { BookPanel } from "./BookPanel";
import { TemplatePanel } from "./TemplatePanel";

/** What leaves the planning page: the plan book, the printed template, files. */
export function DocumentsPanel() {
  const { t } = useTranslation("planning");
  const planSha = useDeskState((state) => state.planSha);
  if (!planSha) return <p className="p-3 text-quiet">{t("noPlan")}</p>;
  return (
    <>
      <BookPanel key={`book-${planSha}`} planSha={planSha} />
      <TemplatePanel key={`template-${planSha}`} planSha={planSha} />
      <FilesPanel />
    </>
  );
}
