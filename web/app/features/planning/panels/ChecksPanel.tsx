import { useLanguage } from "@app/i18n/useLanguage";
import { StateMark } from "@teleneedle/ui";
import { useTranslation } from "react-i18next";
import { useDeskState } from "../desk/useDesk";
import { Panel } from "./Panel";

const MARKS = { pass: "ok", warn: "warn", fail: "stop", unknown: "unknown" } as const;
const ORDER = ["fail", "unknown", "warn", "pass"];

/** The checks of the plan as it was saved, what stops a signature first. */
export function ChecksPanel() {
  const { t } = useTranslation("planning");
  const language = useLanguage();
  const checks = useDeskState((state) => state.plan?.checks);
  if (!checks) return null;
  const sorted = [...checks].sort((a, b) => ORDER.indexOf(a.status) - ORDER.indexOf(b.status));
  return (
    <Panel title={t("checks")}>
      <ul>
        {sorted.map((check) => (
          <li key={check.id} className="border-b border-line/60 py-0.5 last:border-0">
            <StateMark mark={MARKS[check.status]}>
              {language === "zh" ? check.text_zh : check.text_en}
            </StateMark>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
