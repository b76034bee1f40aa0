import { PlanDiff } from "@app/features/diff/PlanDiff";
import type { PlanState } from "@teleneedle/protocol";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Fact, Panel } from "./Panel";

interface Props {
  plans: readonly PlanState[];
  shown: string | null;
  onShow: (planSha: string) => void;
}

/** Versions of the plan, and what differs between the one that is shown and another. */
export function VersionsPanel({ plans, shown, onShow }: Props) {
  const { t } = useTranslation("planning");
  const [other, setOther] = useState<string | null>(null);
  const compared = plans.find(({ plan_sha256 }) => plan_sha256 === other);
  if (plans.length === 0) return null;
  return (
    <Panel title={t("versions")}>
      {[...plans]
        .sort((a, b) => b.version - a.version)
        .map((plan) => (
          <Fact
            key={plan.plan_sha256}
            what={
              <button
                type="button"
                aria-pressed={plan.plan_sha256 === shown}
                className={`cursor-pointer ${plan.plan_sha256 === shown ? "font-semibold text-accent" : ""}`}
                onClick={() => onShow(plan.plan_sha256)}
              >
                {t("version", { n: plan.version, kind: t(`kinds.${plan.kind}`) })} {plan.label}
              </button>
            }
          >
            {plan.plan_sha256 !== shown && (
              <button
                type="button"
                className="cursor-pointer text-quiet hover:text-ink"
                onClick={() => setOther(plan.plan_sha256)}
              >
                {t("compare", { n: plan.version })}
              </button>
            )}
          </Fact>
        ))}
      {compared && shown && other !== shown && (
        <div className="mt-1">
          <h3 className="text-label text-quiet">{t("compare", { n: compared.version })}</h3>
          <PlanDiff before={compared.plan_sha256} after={shown} />
        </div>
      )}
    </Panel>
  );
}
