import { useTranslation } from "react-i18next";
import { useDeskState } from "../desk/useDesk";
import { Panel } from "./Panel";

const FILES = [
  ["bookZh", "plan-zh.pdf"],
  ["bookEn", "plan-en.pdf"],
  ["dicom", "dicom/structures-rtstruct.dcm"],
] as const;

/** The files of the version on the desk. */
export function FilesPanel() {
  const { t } = useTranslation("planning");
  const planSha = useDeskState((state) => state.planSha);
  if (!planSha) return <p className="p-3 text-quiet">{t("noPlan")}</p>;
  return (
    <Panel title={t("files")}>
      <ul>
        {FILES.map(([word, path]) => (
          <li key={path}>
            <a className="text-accent hover:underline" href={`/api/plans/${planSha}/files/${path}`} download>
              {t(word)}
            </a>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
