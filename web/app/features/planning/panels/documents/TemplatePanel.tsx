import { hub } from "@app/hub/hub";
import { useLanguage } from "@app/i18n/useLanguage";
import { useQuery } from "@tanstack/react-query";
import { ErrorNote } from "@teleneedle/ui";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { PlanningDesk } from "../../desk/planningDesk";
import { useDesk } from "../../desk/useDesk";
import { fetchContainer } from "../../load/fetchBytes";
import { Fact, Panel } from "../Panel";
import type { TemplateReport } from "./templateReport";

const ok = (isOk: boolean, words: string) => (
  <span className={isOk ? "text-ok" : "text-warn"}>
    {isOk ? "✔" : "▲"} {words}
  </span>
);

/** The template lies on the skin: show that as well. */
function showSkin({ workspace: { store } }: PlanningDesk): void {
  const { structures } = store.getState();
  store.setState({
    structures: structures.map((one) => (one.name === "skin" ? { ...one, visible: true } : one)),
  });
}

/** The printed template: in the 3-D picture, as its maker measured it, and as files. */
export function TemplatePanel({ planSha }: { planSha: string }) {
  const { t } = useTranslation("results");
  const language = useLanguage();
  const desk = useDesk();
  const [isShown, setShown] = useState(false);
  const report = useQuery({
    queryKey: ["template-report", planSha],
    queryFn: () => hub.get<TemplateReport>(`/api/plans/${planSha}/files/print/report.json`),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const has = report.data !== undefined && report.data.reason === undefined;
  const mesh = useQuery({
    queryKey: ["template-mesh", planSha],
    queryFn: ({ signal }) => fetchContainer(`/api/plans/${planSha}/template`, signal),
    enabled: has && isShown,
    staleTime: Number.POSITIVE_INFINITY,
  });
  useEffect(() => {
    desk.scene.setPart(isShown ? (mesh.data ?? null) : null);
    return () => desk.scene.setPart(null);
  }, [desk, isShown, mesh.data]);
  const show = (isWanted: boolean) => {
    setShown(isWanted);
    if (isWanted) showSkin(desk);
  };

  if (!report.data) return <ErrorNote error={report.error} onRetry={() => void report.refetch()} />;
  const { reason, bounding_box_mm: box, bores = [], printers = [], problems = [], volume_ml } = report.data;
  return (
    <Panel title={t("template")}>
      {has ? (
        <div data-testid="template-report">
          <label className="flex items-center gap-2 py-0.5">
            <input type="checkbox" checked={isShown} onChange={(event) => show(event.target.checked)} />
            {t("showTemplate")}
          </label>
          <Fact what={t("solid")}>
            {ok(report.data.watertight, t(report.data.watertight ? "templateClosed" : "templateOpen"))}
          </Fact>
          {box && <Fact what={t("size")}>{box.map((side) => side.toFixed(0)).join(" × ")} mm</Fact>}
          {volume_ml !== undefined && <Fact what={t("volume")}>{volume_ml.toFixed(1)} ml</Fact>}
          {printers.map(({ name, fits }) => (
            <Fact key={name} what={t("printer", { name })}>
              {ok(fits, t(fits ? "fits" : "fitsNot"))}
            </Fact>
          ))}
          {bores.map((bore, n) => (
            <div
              key={bore.needle}
              className="border-b border-line/60 py-0.5"
              data-testid={`bore-${bore.needle}`}
            >
              <div className="flex justify-between gap-2">
                <span>{t("bore", { number: bore.number ?? n + 1, needle: bore.needle })}</span>
                <span className="tabular-nums">Ø {bore.diameter_mm.toFixed(2)} mm</span>
              </div>
              <p className="text-label text-quiet">
                {bore.position_error_mm === undefined
                  ? t("notMeasured")
                  : t("boreError", {
                      mm: bore.position_error_mm.toFixed(2),
                      deg: bore.angle_error_deg?.toFixed(2) ?? "–",
                    })}
                {bore.play_at_tip_mm !== undefined &&
                  ` · ${t("needlePlay", { mm: bore.play_at_tip_mm.toFixed(1) })}`}
              </p>
            </div>
          ))}
          {bores.some((bore) => bore.position_error_mm !== undefined) && (
            <p className="text-label text-quiet">{t("measured")}</p>
          )}
          {problems.map((problem) => (
            <p key={problem.en} className="text-warn">
              ▲ {problem[language]}
            </p>
          ))}
          <p className="flex gap-3 pt-1">
            {(["stl", "3mf"] as const).map((kind) => (
              <a
                key={kind}
                className="text-accent hover:underline"
                href={`/api/plans/${planSha}/files/print/template.${kind}`}
              >
                ↓ {kind.toUpperCase()}
              </a>
            ))}
          </p>
        </div>
      ) : (
        <p className="text-quiet">{t("noTemplate", { reason: reason ?? "" })}</p>
      )}
    </Panel>
  );
}
