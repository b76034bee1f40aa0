import { useCaseContext } from "@app/shell/CaseFrame";
import { Loading } from "@app/shell/Fallbacks";
import type { Arrival } from "@teleneedle/protocol";
import { ErrorNote } from "@teleneedle/ui";
import { ENGLISH, WINDOW_PRESETS } from "@teleneedle/viewer";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { useStore } from "zustand";
import { useCaseArrivals } from "../arrivalQueries";
import { ArrivalPane, type ArrivalPaneKind } from "./ArrivalPane";
import { ArrivalState } from "./ArrivalState";
import { ArrivalDesk } from "./arrivalDesk";
import { EarlyLegend } from "./EarlyLegend";

const PANES: readonly ArrivalPaneKind[] = ["axial", "coronal", "sagittal"];

/** A series that is still arriving, scrolled while it sharpens. */
export function ArrivalViewerPage() {
  const { t } = useTranslation("arrivals");
  const { arrival: id = "" } = useParams();
  const { case: shown } = useCaseContext();
  const query = useCaseArrivals(shown.id);
  const arrival = query.data?.find((one) => one.id === id);
  const [desk, setDesk] = useState<ArrivalDesk | null>(null);

  useEffect(() => {
    document.title = `${t("viewer")} · Teleneedle`;
  }, [t]);
  useEffect(() => {
    const pane = (kind: string) => t(`panes.${kind as ArrivalPaneKind}`);
    const made = new ArrivalDesk(id, { ...ENGLISH, pane });
    setDesk(made);
    return () => {
      setDesk(null);
      made.dispose();
    };
  }, [id, t]);
  useEffect(() => {
    if (arrival) desk?.nudge();
    desk?.early.take(arrival?.early);
  }, [desk, arrival]);

  if (query.isPending || !desk) return <Loading />;
  return (
    <main id="content" tabIndex={-1} className="flex min-h-0 flex-1 flex-col outline-none">
      <h1 className="sr-only">{t("viewer")}</h1>
      {query.error && <ErrorNote error={query.error} />}
      {arrival && <ArrivalState arrival={arrival} desk={desk} />}
      <div className="flex min-h-0 flex-1 max-lg:flex-col">
        <Pictures desk={desk} arrival={arrival} />
        {arrival?.early && <EarlyLegend early={arrival.early} desk={desk} />}
      </div>
    </main>
  );
}

function Pictures({ desk, arrival }: { desk: ArrivalDesk; arrival: Arrival | undefined }) {
  const { t } = useTranslation("arrivals");
  const slices = useStore(desk.store, (sight) => sight.slices);
  const problem = useStore(desk.store, (sight) => sight.problem);
  useWindowKeys(desk);
  return (
    <div
      className="relative grid min-h-0 min-w-0 flex-1 gap-0.5 bg-line"
      style={{
        gridTemplateAreas: '"axial coronal" "axial sagittal"',
        gridTemplateColumns: "1.6fr 1fr",
        gridTemplateRows: "1fr 1fr",
      }}
    >
      {PANES.map((kind) => (
        <ArrivalPane key={kind} desk={desk} kind={kind} isSettled={arrival?.state === "complete"} />
      ))}
      {slices === 0 && !problem && (
        <p className="absolute inset-x-0 top-1/2 text-center text-quiet" role="status">
          {t("noGeometry")}
        </p>
      )}
      {problem !== null && (
        <div className="absolute inset-x-4 top-16">
          <ErrorNote error={problem} />
        </div>
      )}
    </div>
  );
}

/** Keys 1 to 5 set the window, as on the planning page. */
function useWindowKeys(desk: ArrivalDesk): void {
  useEffect(() => {
    const press = ({ key, target }: KeyboardEvent) => {
      const preset = WINDOW_PRESETS[Number(key) - 1];
      if (preset && !(target instanceof HTMLInputElement)) desk.workspace.setWindow(preset);
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [desk]);
}
