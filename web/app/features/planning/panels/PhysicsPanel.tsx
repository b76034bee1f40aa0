import { useTranslation } from "react-i18next";
import { useDeskState } from "../desk/useDesk";
import { Fact, Panel } from "./Panel";

/** Temperatures and seed dose of a plan, where the plan brings them. */
export function PhysicsPanel() {
  const { t } = useTranslation("planning");
  const plan = useDeskState((state) => state.plan);
  if (!plan) return null;
  const { physics, seed_dose: dose } = plan;
  return (
    <>
      <Panel title={t("physics")}>
        {physics ? (
          physics.curves.map((curve) => (
            <Fact key={curve.name} what={curve.name}>
              {Math.max(...curve.p50).toFixed(1)} °C ({Math.max(...curve.p10).toFixed(1)}–
              {Math.max(...curve.p90).toFixed(1)})
            </Fact>
          ))
        ) : (
          <p className="text-quiet">{t("noPhysics")}</p>
        )}
      </Panel>
      {plan.modality === "seeds" && (
        <Panel title={t("dose")}>
          {dose ? (
            <Fact what="D90">{dose.d90_gy.toFixed(0)} Gy</Fact>
          ) : (
            <p className="text-quiet">{t("noDose")}</p>
          )}
        </Panel>
      )}
    </>
  );
}
