import { hub } from "@app/hub/hub";
import { useFormat } from "@app/i18n/useFormat";
import { useQuery } from "@tanstack/react-query";
import type { PlanDifference } from "@teleneedle/protocol";
import { ErrorNote, type Mark, StateMark, useText } from "@teleneedle/ui";
import { useTranslation } from "react-i18next";

const GROUPS = ["fact", "needle", "setting", "figure", "check"] as const;
const MARKS: Record<string, Mark> = { pass: "ok", warn: "warn", fail: "stop", unknown: "unknown" };

/** What is different in one version from another: needles by how far, settings, figures, checks. */
export function PlanDiff({ before, after }: { before: string; after: string }) {
  const { t } = useTranslation("diff");
  const text = useText();
  const diff = useQuery({
    queryKey: ["plan-diff", before, after],
    queryFn: () => hub.get<PlanDifference[]>(`/api/plans/${before}/diff/${after}`),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (!diff.data) return <ErrorNote error={diff.error} onRetry={() => void diff.refetch()} />;
  if (diff.data.length === 0) return <p className="text-quiet">{t("same")}</p>;
  return (
    <div data-testid="plan-diff">
      {GROUPS.map((group) => {
        const rows = diff.data.filter((row) => row.group === group);
        if (rows.length === 0) return null;
        return (
          <div key={group} className="mb-1">
            <h4 className="text-label text-quiet">{t(`groups.${group}`)}</h4>
            <ul>
              {rows.map((row) => (
                <li key={row.what.en} className="border-b border-line/60 py-0.5 last:border-0">
                  <span>{text(row.what)}</span>{" "}
                  <span className="tabular-nums">
                    <Values row={row} />
                  </span>
                </li>
              ))}
            </ul>
          </div>
        );
      })}
    </div>
  );
}

function Values({ row }: { row: PlanDifference }) {
  const { t } = useTranslation("diff");
  const format = useFormat();
  if (row.group === "needle") {
    if (!row.change) return null;
    const { entry_mm, tip_mm, angle_deg } = row.change;
    return t("moved", {
      entry: format.number(entry_mm),
      tip: format.number(tip_mm),
      angle: format.number(angle_deg),
    });
  }
  if (row.group === "check") {
    const state = (value: (typeof row)["before"]) => (
      <StateMark mark={MARKS[value ?? ""] ?? "unknown"}>{t(`states.${value ?? "absent"}`)}</StateMark>
    );
    return (
      <>
        {state(row.before)} → {state(row.after)}
      </>
    );
  }
  const said = (value: string | number | string[] | null) =>
    value === null ? "–" : Array.isArray(value) ? value.join(", ") : String(value);
  const sign = row.group === "figure" && row.change > 0 ? "+" : "";
  return (
    <>
      <span className="text-quiet">{said(row.before)} →</span> {said(row.after)}
      {row.group === "figure" && (
        <span className="text-quiet">
          {" "}
          ({sign}
          {format.number(row.change)})
        </span>
      )}
    </>
  );
}
