import type { PlanState } from "@teleneedle/protocol";
import { Section, StateMark, useText } from "@teleneedle/ui";
import { useTranslation } from "react-i18next";

/** May this plan be signed? If not, every reason, one a line. */
export function Blocks({ plan }: { plan: PlanState }) {
  const { t } = useTranslation("mdt");
  const text = useText();
  if (plan.state === "approved" || plan.state === "superseded") return null;
  const blocks = plan.blocked_by;
  return (
    <Section
      title={blocks.length > 0 ? t("blocked") : t("signatures")}
      actions={
        blocks.length > 0 ? (
          <StateMark mark="stop">{t("blockedCount", { count: blocks.length })}</StateMark>
        ) : (
          <StateMark mark="ok">{t("clear")}</StateMark>
        )
      }
    >
      {blocks.length === 0 ? (
        <p className="text-quiet">{t("signText")}</p>
      ) : (
        <ul className="flex flex-col gap-1.5">
          {blocks.map((block) => (
            <li key={`${block.code} ${block.en}`} className="flex gap-1.5">
              <span aria-hidden className="text-stop">
                ✖
              </span>
              {text(block)}
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
