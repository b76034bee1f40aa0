import { Button, StateMark } from "@teleneedle/ui";
import { useTranslation } from "react-i18next";
import { needleFacts } from "../desk/liveNumbers";
import { useDesk, useDeskState, useViewerState } from "../desk/useDesk";
import { Fact, Panel } from "./Panel";
import { PointField } from "./PointField";

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
        <span className="flex flex-wrap justify-end gap-1">
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
            <Button aria-label={t("addNeedle")} title={t("addNeedle")} onClick={() => desk.edits.addNeedle()}>
              +
            </Button>
          )}
        </span>
      }
    >
      {!needle && <p className="text-quiet">{t("noPlan")}</p>}
      {facts && (
        <div data-testid="needle-facts">
          <PointField
            what={t("entryPoint")}
            at={needle.entry}
            isReadOnly={!mayEdit}
            onPoint={(at) => desk.placeNeedle(needle.id, "entry", at)}
          />
          <PointField
            what={t("tipPoint")}
            at={needle.tip}
            isReadOnly={!mayEdit}
            onPoint={(at) => desk.placeNeedle(needle.id, "tip", at)}
          />
          <Fact what={t("depth")}>
            <StateMark mark={facts.depthMm <= (device?.usable_length_mm ?? facts.depthMm) ? "ok" : "stop"}>
              {one(facts.depthMm)} mm
            </StateMark>
            <span className="text-quiet"> ≤ {device?.usable_length_mm ?? "–"}</span>
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
            <Button className="mt-1" onClick={() => desk.edits.removeNeedle(needle.id)}>
              {t("removeNeedle")}
            </Button>
          )}
        </div>
      )}
    </Panel>
  );
}
