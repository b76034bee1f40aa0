import { useLanguage } from "@app/i18n/useLanguage";
import { Button, StateMark } from "@teleneedle/ui";
import { useTranslation } from "react-i18next";
import { useDesk, useDeskState } from "../desk/useDesk";
import type { PlanCoverage } from "../planDocument";

function Figures({ coverage }: { coverage: PlanCoverage }) {
  const isWhole = coverage.target_pct >= 99.95;
  return (
    <p className="tabular-nums">
      GTV <StateMark mark={isWhole ? "ok" : "stop"}>{coverage.target_pct.toFixed(1)} %</StateMark> · PTV{" "}
      {coverage.ptv_pct.toFixed(1)} % · {coverage.min_margin_mm >= 0 ? "+" : ""}
      {coverage.min_margin_mm.toFixed(1)} mm
    </p>
  );
}

/** The plan and its alternatives side by side, with what each costs and gains. */
export function AlternativesBar({ mayEdit }: { mayEdit: boolean }) {
  const { t } = useTranslation("planning");
  const language = useLanguage();
  const desk = useDesk();
  const plan = useDeskState((state) => state.plan);
  if (!plan) return null;
  const minutes = plan.applications.reduce((sum, { time_s }) => sum + time_s / 60, 0);
  return (
    <section
      aria-label={t("alternatives")}
      className="grid grid-cols-3 gap-2 border-t border-line bg-panel p-2"
    >
      <div className="rounded border border-accent p-2">
        <p>
          <b>A · {t("current")}</b>{" "}
          <span className="text-quiet">
            {t("punctures", { count: plan.needles.length })} ·{" "}
            {t("applications", { count: plan.applications.length })} ·{" "}
            {t("minutes", { count: Math.round(minutes) })}
          </span>
        </p>
        <Figures coverage={plan.coverage} />
        <p className="truncate text-label text-quiet">{plan.coverage.statement[language]}</p>
      </div>
      {plan.alternatives.map((other) => (
        <div key={other.label} className="rounded border border-line p-2">
          <div className="flex items-baseline justify-between gap-2">
            <p className="min-w-0 truncate">
              <b>
                {other.label} · {other.title[language]}
              </b>{" "}
              <span className="text-quiet">
                {t("punctures", { count: other.punctures })} ·{" "}
                {t("applications", { count: other.applications.length })} ·{" "}
                {t("minutes", { count: Math.round(other.total_time_s / 60) })}
              </span>
            </p>
            {mayEdit && <Button onClick={() => desk.adopt(other)}>{t("adopt")}</Button>}
          </div>
          <Figures coverage={other.coverage} />
          <p className="truncate text-label text-quiet" title={other.why[language]}>
            {other.nearest_vessel_mm !== null &&
              `${t("vessel", { mm: other.nearest_vessel_mm.toFixed(1) })} · `}
            {other.why[language]}
          </p>
        </div>
      ))}
    </section>
  );
}
