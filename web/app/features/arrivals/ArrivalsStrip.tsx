import type { Arrival } from "@teleneedle/protocol";
import { Banner, Button, Progress, Section } from "@teleneedle/ui";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { ArrivalStateMark } from "./ArrivalStateMark";
import { bytesOf } from "./arrivalFigures";
import { isOpen, isUnsure, useArrivals } from "./arrivalQueries";
import { useArrivalText } from "./useArrivalText";

/** Above the worklist: what is on its way into cases, and how many series wait for somebody who compares identities. */
export function ArrivalsStrip() {
  const { t } = useTranslation("arrivals");
  const navigate = useNavigate();
  const all = useArrivals().data ?? [];
  const unsure = all.filter(isUnsure);
  const coming = all.filter((arrival) => isOpen(arrival) && !isUnsure(arrival));
  return (
    <>
      {unsure.length > 0 && (
        <Banner
          mark="warn"
          title={t("waiting", { count: unsure.length })}
          actions={<Button onClick={() => navigate("/arrivals")}>{t("openInbox")}</Button>}
        />
      )}
      {coming.length > 0 && (
        <Section title={t("title")}>
          <ul className="grid gap-x-6 gap-y-3 md:grid-cols-2 xl:grid-cols-3" data-testid="coming">
            {coming.map((arrival) => (
              <Coming key={arrival.id} arrival={arrival} />
            ))}
          </ul>
        </Section>
      )}
    </>
  );
}

function Coming({ arrival }: { arrival: Arrival }) {
  const { t } = useTranslation("arrivals");
  const say = useArrivalText();
  const { have, of } = bytesOf(arrival);
  const { patient } = arrival;
  return (
    <li className="flex min-w-0 flex-col gap-1">
      <p className="flex justify-between gap-2">
        <Link
          to={`/cases/${arrival.case_id}`}
          className="truncate font-medium text-ink no-underline hover:underline"
        >
          {patient.name || patient.id}
        </Link>
        <ArrivalStateMark state={arrival.state} />
      </p>
      <Progress label={`${patient.name} ${say.title(arrival)}`} fraction={of > 0 ? have / of : null} />
      <p className="text-label text-quiet">
        {t("from", { gateway: arrival.gateway.name || arrival.site.name })} · {say.slices(arrival)}
        {arrival.state === "arriving" && say.speed(arrival) && ` · ${say.speed(arrival)}`}
      </p>
    </li>
  );
}
