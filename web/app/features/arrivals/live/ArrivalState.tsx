import type { Arrival } from "@teleneedle/protocol";
import { Banner, Button, useText } from "@teleneedle/ui";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useStore } from "zustand";
import { ArrivalNote } from "../ArrivalRow";
import { LayerBars } from "../LayerBars";
import { useArrivalText } from "../useArrivalText";
import type { ArrivalDesk } from "./arrivalDesk";

interface Props {
  arrival: Arrival;
  desk: ArrivalDesk;
}

/** Above the pictures: what they may not be used for yet, and how far they are. */
export function ArrivalState({ arrival, desk }: Props) {
  return (
    <div className="flex flex-col gap-2 border-b border-line bg-panel px-4 py-2" data-testid="arrival-state">
      <ArrivalBanner arrival={arrival} />
      <div className="grid items-center gap-x-6 gap-y-2 lg:grid-cols-[minmax(0,1fr)_auto]">
        <LayerBars arrival={arrival} />
        <Sight desk={desk} />
      </div>
      <ArrivalNote arrival={arrival} />
    </div>
  );
}

function ArrivalBanner({ arrival }: { arrival: Arrival }) {
  const { t } = useTranslation("arrivals");
  const text = useText();
  const say = useArrivalText();
  const navigate = useNavigate();
  const back = <Button onClick={() => navigate(`/cases/${arrival.case_id}`)}>{t("backToCase")}</Button>;
  const about = `${say.title(arrival)} · ${t("from", { gateway: arrival.gateway.name || arrival.site.name })} · ${say.slices(arrival)}`;
  if (arrival.state === "complete")
    return (
      <Banner
        mark="ok"
        title={t("complete")}
        actions={
          <>
            {back}
            {arrival.series_id && (
              <Button look="primary" onClick={() => navigate(`/cases/${arrival.case_id}/planning`)}>
                {t("plan")}
              </Button>
            )}
          </>
        }
      >
        <span className="text-quiet">
          {t("completeText")} {about}
        </span>
      </Banner>
    );
  const isStopped = arrival.state === "incomplete";
  return (
    <Banner mark="warn" title={t(isStopped ? "incompleteTitle" : "notForPlanning")} actions={back}>
      <span className="text-quiet">
        {isStopped ? arrival.missing.map(text).join("; ") : t("notForPlanningText")} {about}
      </span>
    </Banner>
  );
}

const QUALITY = ["full", "half", "quarter", "eighth"] as const;

/** The slice that is looked at and how fine it is; how many are whole. */
function Sight({ desk }: { desk: ArrivalDesk }) {
  const { t } = useTranslation("arrivals");
  const { k, skip, slices, whole, coarse } = useStore(desk.store);
  const quality = skip === null ? "none" : (QUALITY[skip] ?? "none");
  return (
    <p
      className="text-label whitespace-nowrap text-quiet tabular-nums"
      data-testid="sight"
      data-k={k}
      data-skip={skip ?? ""}
      data-coarse={coarse}
      data-whole={whole}
      data-slices={slices}
    >
      {t("position", { k: slices > 0 ? k + 1 : 0, of: slices })} · {t(`quality.${quality}`)}
      <br />
      {t("sharp", { have: whole, of: slices })} · {t("keys")}
    </p>
  );
}
