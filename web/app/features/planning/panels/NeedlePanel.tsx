import { useLanguage } from "@app/i18n/useLanguage";
import { Button, StateMark } from "@teleneedle/ui";
import { useTranslation } from "react-i18next";
import { settingKey } from "../desk/draft";
import { needleFacts } from "../desk/liveNumbers";
import { useDesk, useDeskState, useViewerState } from "../desk/useDesk";
import { Fact, Panel } from "./Panel";

const one = (value: number) => value.toFixed(1);

/** The selected needle: where it goes, what is near while it moves, and what is delivered along it. */
export function NeedlePanel({ mayEdit }: { mayEdit: boolean }) {
  const { t } = useTranslation("planning");
  const desk = useDesk();
  const needles = useViewerState((state) => state.needles);
  const selected = useViewerState((state) => state.selectedNeedle);
  const plan = useDeskState((state) => state.plan);
  const device = useDeskState((state) => state.device);
  const needle = needles.find(({ id }) => id === selected);
  const planned = plan?.needles.find(({ id }) => id === selected);
  const facts = needle && needleFacts(needle);

  return (
    <Panel
      title={t("needle")}
      actions={
        <span className="flex gap-1">
          {needles.map(({ id }) => (
            <Button
              key={id}
              look={id === selected ? "primary" : "plain"}
              aria-pressed={id === selected}
              onClick={() => desk.workspace.store.setState({ selectedNeedle: id })}
            >
              {id}
            </Button>
          ))}
          {mayEdit && plan && (
            <Button aria-label={t("addNeedle")} title={t("addNeedle")} onClick={() => desk.addNeedle()}>
              +
            </Button>
          )}
        </span>
      }
    >
      {!needle && <p className="text-quiet">{t("noPlan")}</p>}
      {facts && (
        <div data-testid="needle-facts">
          <Fact what={t("depth")}>
            {one(facts.depthMm)} / {device?.usable_length_mm ?? "–"} mm
          </Fact>
          <Fact what={`${t("tilt")} · ${t("inPlane")}`}>
            {one(facts.tiltDeg)}° · {one(facts.inPlaneDeg)}°
          </Fact>
          {planned?.capsule_angle_deg != null && (
            <Fact what={t("capsule")}>{planned.capsule_angle_deg.toFixed(0)}°</Fact>
          )}
          {planned?.liver_before_target_mm != null && (
            <Fact what={t("liverBefore")}>{one(planned.liver_before_target_mm)} mm</Fact>
          )}
          {mayEdit && needles.length > 1 && (
            <Button className="mt-1" onClick={() => desk.removeNeedle(needle.id)}>
              {t("removeNeedle")}
            </Button>
          )}
        </div>
      )}
    </Panel>
  );
}

/** Distances to what must be spared, the tightest first; they follow the needle while it is dragged. */
export function ClearancesPanel({ labelOf }: { labelOf: (name: string) => string }) {
  const { t } = useTranslation("planning");
  const desk = useDesk();
  const live = useDeskState((state) => state.live);
  return (
    <Panel title={t("clearances")}>
      <div data-testid="clearances">
        {live?.clearances.slice(0, 8).map((clearance) => (
          <Fact
            key={clearance.structure}
            what={
              <button type="button" className="cursor-pointer" onClick={() => desk.jumpTo(clearance.at)}>
                {labelOf(clearance.structure)}
                {clearance.hasThinBranches && <span className="text-quiet"> {t("thinBranches")}</span>}
              </button>
            }
          >
            <StateMark mark={clearance.verdict}>
              {clearance.isAtLeast ? "≥ " : ""}
              {one(clearance.mm)} mm
            </StateMark>
            <span className="text-quiet"> ≥ {clearance.requiredMm}</span>
          </Fact>
        ))}
      </div>
    </Panel>
  );
}

/** How much of target and margin the expected zones hold, now. */
export function CoveragePanel() {
  const { t } = useTranslation("planning");
  const coverage = useDeskState((state) => state.live?.coverage ?? null);
  const margin = useDeskState((state) => state.plan?.target.margin_mm ?? null);
  if (!coverage) return null;
  const mark = (value: number, least: number) => (value >= least ? "ok" : value >= 0 ? "warn" : "stop");
  return (
    <Panel title={t("coverage")}>
      <div data-testid="coverage">
        <Fact what={t("target")}>
          <StateMark mark={coverage.targetPct >= 99.95 ? "ok" : "stop"}>
            {one(coverage.targetPct)} %
          </StateMark>
        </Fact>
        {coverage.ptvPct !== null && (
          <Fact what={t("ptv")}>
            <StateMark mark={coverage.ptvPct >= 99.5 ? "ok" : "warn"}>{one(coverage.ptvPct)} %</StateMark>
          </Fact>
        )}
        <Fact what={t("margin")}>
          <StateMark mark={mark(coverage.minMarginMm, margin ?? 5)}>{one(coverage.minMarginMm)} mm</StateMark>
          <span className="text-quiet"> ({one(coverage.minMarginP10Mm)})</span>
        </Fact>
      </div>
    </Panel>
  );
}

/** Power and time from the device's published settings only, and how far the needle is drawn back for each. */
export function SettingsPanel({ mayEdit }: { mayEdit: boolean }) {
  const { t } = useTranslation("planning");
  const language = useLanguage();
  const desk = useDesk();
  const applications = useDeskState((state) => state.applications);
  const device = useDeskState((state) => state.device);
  if (applications.length === 0) return null;

  const change = (n: number, edit: Partial<(typeof applications)[number]>) =>
    desk.editApplications(
      "setting",
      applications.map((application, m) => (m === n ? { ...application, ...edit } : application)),
    );
  const choose = (n: number, key: string) => {
    const at = device?.settings.findIndex(([power, time]) => settingKey(power, time) === key) ?? -1;
    const setting = device?.settings[at];
    const band = device?.bands?.[at];
    if (!setting) return;
    if (band) desk.knowZone(key, band);
    change(n, { powerW: setting[0], timeS: setting[1] });
  };

  return (
    <Panel title={t("settings")}>
      {applications.map((application, n) => {
        const own = settingKey(application.powerW, application.timeS);
        const listed = device?.settings ?? [];
        const isListed = listed.some(([power, time]) => settingKey(power, time) === own);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: applications have no other name than their place
          <div key={n} className="flex items-center gap-1 py-0.5">
            <span className="w-7">{application.needle}</span>
            <select
              aria-label={t("setting")}
              disabled={!mayEdit}
              className="min-w-0 flex-1 rounded border border-edge bg-ground px-1 py-0.5"
              value={own}
              onChange={(event) => choose(n, event.currentTarget.value)}
            >
              {!isListed && (
                <option value={own}>
                  {application.powerW.toFixed(0)} W × {(application.timeS / 60).toFixed(1)} min
                </option>
              )}
              {listed.map(([power, time]) => (
                <option key={settingKey(power, time)} value={settingKey(power, time)}>
                  {power.toFixed(0)} W × {(time / 60).toFixed(1)} min
                </option>
              ))}
            </select>
            <input
              type="number"
              aria-label={t("pullBack")}
              title={t("pullBack")}
              disabled={!mayEdit}
              min={0}
              step={1}
              className="w-16 rounded border border-edge bg-ground px-1 py-0.5 text-right tabular-nums"
              value={Math.round(application.tipBackMm * 10) / 10}
              onChange={(event) => {
                const mm = event.currentTarget.valueAsNumber;
                if (mm >= 0) change(n, { tipBackMm: mm });
              }}
            />
          </div>
        );
      })}
      {device && (
        <Fact what={`${t("device")} · ${device.name[language]}`}>
          {device.is_verified ? (
            <StateMark mark="ok">{t("verified", { name: device.verified_by ?? "" })}</StateMark>
          ) : (
            <StateMark mark="warn">{t("unverified")}</StateMark>
          )}
        </Fact>
      )}
    </Panel>
  );
}
