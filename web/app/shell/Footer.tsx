import { useTranslation } from "react-i18next";
import { useFooterPlan } from "./planInFooter";

const RESEARCH = { zh: "科研软件，非医疗器械", en: "Research software, not a medical device" };

/** Under every page: which plan is shown, by version and hash, and what this software is not. */
export function Footer() {
  const { t } = useTranslation("shell");
  const { plan, note } = useFooterPlan();
  return (
    <footer className="flex min-h-6 shrink-0 flex-wrap items-center gap-x-4 border-t border-line bg-panel px-4 text-label text-quiet">
      {plan && (
        <span>
          {t("plan", { version: plan.version })} ·{" "}
          <span className="font-mono" title={plan.sha256}>
            sha256 {plan.sha256.slice(0, 8)}…{plan.sha256.slice(-4)}
          </span>
        </span>
      )}
      {note && <span>{note}</span>}
      <span className="ml-auto">
        <span lang="zh-CN">{RESEARCH.zh}</span> <span lang="en">{RESEARCH.en}</span>
      </span>
    </footer>
  );
}
