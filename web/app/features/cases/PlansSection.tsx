import { useFormat } from "@app/i18n/useFormat";
import type { Case, PlanState } from "@teleneedle/protocol";
import { type Column, Section, StateMark, Table } from "@teleneedle/ui";
import { useTranslation } from "react-i18next";

export function PlansSection({ case: shown }: { case: Case }) {
  const { t } = useTranslation("cases");
  const format = useFormat();
  const rows = [...shown.plans].sort((a, b) => b.version - a.version);
  if (rows.length === 0) return null;
  const number = (value: number | null | undefined) =>
    value === null || value === undefined ? "—" : format.number(value);
  const columns: Column<PlanState>[] = [
    {
      key: "version",
      head: t("plans.head.version"),
      cell: (plan) => (
        <span className="whitespace-nowrap">
          <strong className="font-semibold">v{plan.version}</strong>{" "}
          <span className="text-quiet">
            {plan.label || t(plan.kind === "edited" ? "plans.edited" : "plans.auto")}
          </span>
        </span>
      ),
    },
    {
      key: "needles",
      head: t("plans.head.needles"),
      cell: (plan) => (
        <span className="whitespace-nowrap text-quiet">
          {t("plans.punctures", { count: plan.summary.punctures ?? 0 })} ·{" "}
          {t("plans.applications", { count: plan.summary.applications ?? 0 })}
        </span>
      ),
    },
    {
      key: "coverage",
      head: t("plans.head.coverage"),
      cell: (plan) => (
        <span className="whitespace-nowrap">
          {t("plans.coverage", {
            target: number(plan.summary.target_pct),
            ptv: number(plan.summary.ptv_pct),
          })}
        </span>
      ),
    },
    { key: "checks", head: t("plans.head.checks"), cell: (plan) => <PlanMark plan={plan} /> },
    {
      key: "created",
      head: t("plans.head.created"),
      isNumber: true,
      cell: (plan) => (
        <span className="text-quiet">
          {plan.author} · {format.dateTime(plan.created)}
        </span>
      ),
    },
  ];
  return (
    <Section title={t("plans.title")}>
      <div className="-mx-3 -my-2">
        <Table caption={t("plans.title")} columns={columns} rows={rows} rowKey={(plan) => plan.plan_sha256} />
      </div>
    </Section>
  );
}

function PlanMark({ plan }: { plan: PlanState }) {
  const { t } = useTranslation("cases");
  if (plan.state === "approved") return <StateMark mark="ok">{t("plans.approved")}</StateMark>;
  const failed = plan.checks.fail ?? 0;
  return failed > 0 ? (
    <StateMark mark="stop">{t("plans.checksFailed", { count: failed })}</StateMark>
  ) : (
    <StateMark mark="ok">{t("plans.checksOk")}</StateMark>
  );
}
