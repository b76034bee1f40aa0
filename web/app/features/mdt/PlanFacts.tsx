import { VersionDiff } from "@app/features/diff/VersionDiff";
import { useDevices } from "@app/hub/queries";
import { useFormat } from "@app/i18n/useFormat";
import type { Case, PlanState } from "@teleneedle/protocol";
import { Fact, Section, StateMark, useText } from "@teleneedle/ui";
import { useTranslation } from "react-i18next";

const clock = (seconds: number) =>
  `${Math.floor(seconds / 60)}:${String(Math.round(seconds % 60)).padStart(2, "0")}`;

/** The plan in numbers, and what is different from the version before. */
export function PlanFacts({ case: shown, plan }: { case: Case; plan: PlanState }) {
  const { t } = useTranslation("mdt");
  const text = useText();
  const format = useFormat();
  const devices = useDevices();
  const device = devices.data?.find(({ id }) => id === plan.device_id);
  const { summary, checks } = plan;
  const number = (value: number | null | undefined, unit: string) =>
    value === null || value === undefined ? "—" : `${format.number(value)} ${unit}`;
  const mark = checks.fail ? "stop" : checks.warn || checks.unknown ? "warn" : "ok";
  return (
    <Section title={t("summary")}>
      <dl>
        <Fact name={`${t("facts.punctures")} · ${t("facts.applications")}`}>
          {summary.punctures ?? "—"} · {summary.applications ?? "—"}
        </Fact>
        <Fact name={t("facts.target")}>{number(summary.target_pct, "%")}</Fact>
        <Fact name={t("facts.ptv")}>{number(summary.ptv_pct, "%")}</Fact>
        <Fact name={t("facts.margin")}>{number(summary.min_margin_mm, "mm")}</Fact>
        <Fact name={t("facts.vessel")}>{number(summary.nearest_vessel_mm, "mm")}</Fact>
        <Fact name={t("facts.plannedMargin")}>{number(plan.margin_mm, "mm")}</Fact>
        <Fact name={t("facts.time")}>
          {summary.total_time_s === undefined ? "—" : `${clock(summary.total_time_s)} min`}
        </Fact>
        <Fact name={t("facts.safe")}>{number(summary.safe_pct, "%")}</Fact>
        <Fact name={t("facts.device")}>{device ? text(device.name) : plan.device_id || "—"}</Fact>
        <Fact name={t("facts.checks")}>
          <StateMark mark={mark}>
            {t("checks", {
              pass: checks.pass ?? 0,
              warn: checks.warn ?? 0,
              fail: checks.fail ?? 0,
              unknown: checks.unknown ?? 0,
            })}
          </StateMark>
        </Fact>
      </dl>
      <VersionDiff key={plan.plan_sha256} plan={plan} plans={shown.plans} />
    </Section>
  );
}
