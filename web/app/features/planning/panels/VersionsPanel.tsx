import { hub } from "@app/hub/hub";
import { useLanguage } from "@app/i18n/useLanguage";
import { useQuery } from "@tanstack/react-query";
import type { PlanState } from "@teleneedle/protocol";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { DiffRow } from "../planDocument";
import { Fact, Panel } from "./Panel";

const words = (value: unknown): string =>
  value === null || value === undefined
    ? "–"
    : Array.isArray(value)
      ? value.map(words).join(", ")
      : String(value);

interface Props {
  plans: readonly PlanState[];
  shown: string | null;
  onShow: (planSha: string) => void;
}

/** Versions of the plan, and what differs between the one that is shown and another. */
export function VersionsPanel({ plans, shown, onShow }: Props) {
  const { t } = useTranslation("planning");
  const language = useLanguage();
  const [other, setOther] = useState<string | null>(null);
  const diff = useQuery({
    queryKey: ["plan-diff", other, shown],
    queryFn: () => hub.get<DiffRow[]>(`/api/plans/${other}/diff/${shown}`),
    enabled: other !== null && shown !== null && other !== shown,
  });
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
      {compared && diff.data && (
        <div className="mt-1">
          <p className="text-label text-quiet">{t("compare", { n: compared.version })}</p>
          {diff.data.length === 0 && <p>{t("same")}</p>}
          {diff.data.map((row) => (
            <Fact key={row.what.en} what={row.what[language]}>
              {words(row.before)} → {words(row.after)}
            </Fact>
          ))}
        </div>
      )}
    </Panel>
  );
}
