import { hasRole, useSession } from "@app/hub/useSession";
import type { Arrival } from "@teleneedle/protocol";
import { Button, ErrorNote, StateMark, useText } from "@teleneedle/ui";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { ArrivalStateMark } from "./ArrivalStateMark";
import { useUrgent } from "./arrivalQueries";
import { LayerBars } from "./LayerBars";
import { useArrivalText } from "./useArrivalText";

/** One series on its way into the case of the page: what it is, how far it is, what can be done with it. */
export function ArrivalRow({ arrival }: { arrival: Arrival }) {
  const { t } = useTranslation("arrivals");
  const say = useArrivalText();
  const navigate = useNavigate();
  return (
    <li
      className="flex flex-col gap-2 border-b border-line/70 py-3 first:pt-0 last:border-b-0 last:pb-0"
      data-testid={`arrival-${arrival.id}`}
    >
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div className="min-w-0">
          <p className="[overflow-wrap:anywhere]">{say.title(arrival)}</p>
          <p className="text-label text-quiet">
            {t("from", { gateway: arrival.gateway.name || arrival.site.name })} · {say.slices(arrival)}
          </p>
        </div>
        <span className="flex items-center gap-2">
          <ArrivalStateMark state={arrival.state} />
          {arrival.state === "arriving" && <UrgentButton arrival={arrival} />}
          <Button look="primary" onClick={() => navigate(`arriving/${arrival.id}`)}>
            {t("view")}
          </Button>
        </span>
      </div>
      <LayerBars arrival={arrival} />
      <ArrivalNote arrival={arrival} />
    </li>
  );
}

/** What follows from the state: what starts when, what is missing, what was set aside. */
export function ArrivalNote({ arrival }: { arrival: Arrival }) {
  const { t } = useTranslation("arrivals");
  const text = useText();
  const say = useArrivalText();
  const aside = arrival.instances.quarantined;
  return (
    <div className="flex flex-col gap-0.5 text-label text-quiet">
      {arrival.state === "arriving" && (
        <p className="flex flex-wrap justify-between gap-x-4">
          <span>{say.organs(arrival)}</span>
          <span className="tabular-nums">{say.speed(arrival)}</span>
        </p>
      )}
      {arrival.state === "incomplete" && (
        <>
          <p>
            <StateMark mark="warn">
              {t("missing")} {arrival.missing.map(text).join("; ")}
            </StateMark>
          </p>
          <p>{t("incompleteText")}</p>
        </>
      )}
      {aside > 0 && (
        <p>
          <StateMark mark="stop">{t("quarantinedText", { count: aside })}</StateMark>
        </p>
      )}
    </div>
  );
}

function UrgentButton({ arrival }: { arrival: Arrival }) {
  const { t } = useTranslation("arrivals");
  const urgent = useUrgent(arrival.id);
  const mayHurry = hasRole(useSession(), ["expert", "operator", "technologist"]);
  if (arrival.is_urgent) return <span className="text-label text-quiet">{t("isUrgent")}</span>;
  if (!mayHurry) return null;
  return (
    <>
      {urgent.error && <ErrorNote error={urgent.error} />}
      <Button isBusy={urgent.isPending} onClick={() => urgent.mutate()}>
        {t("urgent")}
      </Button>
    </>
  );
}
