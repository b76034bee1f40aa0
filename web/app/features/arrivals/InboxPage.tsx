import { hasRole, useSession } from "@app/hub/useSession";
import { Loading } from "@app/shell/Fallbacks";
import { Page } from "@app/shell/Page";
import type { Arrival } from "@teleneedle/protocol";
import { Button, EmptyState, ErrorNote, Section, useText } from "@teleneedle/ui";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ArrivalNote } from "./ArrivalRow";
import { ArrivalStateMark } from "./ArrivalStateMark";
import { isUnsure, useArrivals } from "./arrivalQueries";
import { ConfirmDialog } from "./ConfirmDialog";
import { IdentityTable } from "./IdentityTable";
import { LayerBars } from "./LayerBars";
import { useArrivalText } from "./useArrivalText";

/** Series of which nobody knows for sure whose they are: they wait here until a person has compared identities. */
export function InboxPage() {
  const { t } = useTranslation("arrivals");
  const query = useArrivals();
  const unsure = (query.data ?? []).filter(isUnsure);
  const [comparing, setComparing] = useState<Arrival | null>(null);
  return (
    <Page title={t("inbox")}>
      <p className="max-w-prose text-quiet">{t("inboxText")}</p>
      {query.error && <ErrorNote error={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && !query.error && <Loading />}
      {query.data && unsure.length === 0 && (
        <section className="rounded-md border border-line bg-panel">
          <EmptyState title={t("inboxEmpty")}>{t("inboxEmptyText")}</EmptyState>
        </section>
      )}
      {unsure.map((arrival) => (
        <Unsure key={arrival.id} arrival={arrival} onCompare={() => setComparing(arrival)} />
      ))}
      {comparing && <ConfirmDialog arrival={comparing} onClose={() => setComparing(null)} />}
    </Page>
  );
}

function Unsure({ arrival, onCompare }: { arrival: Arrival; onCompare: () => void }) {
  const { t } = useTranslation("arrivals");
  const text = useText();
  const say = useArrivalText();
  const mayConfirm = hasRole(useSession(), ["operator", "technologist", "expert"]);
  const candidate = arrival.candidates[0];
  return (
    <div data-testid={`unsure-${arrival.id}`}>
      <Section
        title={say.title(arrival)}
        actions={
          <>
            <ArrivalStateMark state={arrival.state} />
            {mayConfirm && arrival.state === "held" && (
              <Button look="primary" onClick={onCompare}>
                {t("compare")}
              </Button>
            )}
          </>
        }
      >
        <div className="flex flex-col gap-3">
          <p className="text-quiet">
            {t("from", { gateway: arrival.gateway.name || arrival.site.name })} · {say.slices(arrival)}
          </p>
          {arrival.held_because.length > 0 && (
            <p>
              {t("why")} {arrival.held_because.map(text).join("; ")}
            </p>
          )}
          <IdentityTable images={arrival.patient} inCase={candidate?.patient} />
          <LayerBars arrival={arrival} />
          <ArrivalNote arrival={arrival} />
        </div>
      </Section>
    </div>
  );
}
