import type { PlanState } from "@teleneedle/protocol";
import { SelectField } from "@teleneedle/ui";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { PlanDiff } from "./PlanDiff";

/** A version beside another one that the reader chooses; at first the one it was made from, or the one before it. */
export function VersionDiff({ plan, plans }: { plan: PlanState; plans: readonly PlanState[] }) {
  const { t } = useTranslation("diff");
  const others = plans
    .filter(({ plan_sha256 }) => plan_sha256 !== plan.plan_sha256)
    .sort((a, b) => b.version - a.version);
  const [chosen, setChosen] = useState<string | null>(null);
  const other =
    others.find(({ plan_sha256 }) => plan_sha256 === chosen) ??
    others.find(({ plan_sha256 }) => plan_sha256 === plan.parent_sha256) ??
    others.find(({ version }) => version < plan.version) ??
    others[0];
  if (!other) return null;
  return (
    <div className="mt-2">
      <SelectField
        label={t("choose")}
        value={other.plan_sha256}
        onChange={(event) => setChosen(event.target.value)}
      >
        {others.map(({ plan_sha256, version, label }) => (
          <option key={plan_sha256} value={plan_sha256}>
            {t("version", { n: version })} {label && `· ${label}`}
          </option>
        ))}
      </SelectField>
      <h3 className="mt-2 text-label font-semibold text-quiet">{t("against", { n: other.version })}</h3>
      <PlanDiff before={other.plan_sha256} after={plan.plan_sha256} />
    </div>
  );
}
