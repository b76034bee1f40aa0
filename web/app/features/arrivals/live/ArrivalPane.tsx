import { useCaseContext } from "@app/shell/CaseFrame";
import type { PaneKind } from "@teleneedle/viewer";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { ArrivalDesk } from "./arrivalDesk";

export type ArrivalPaneKind = Extract<PaneKind, "axial" | "coronal" | "sagittal">;

/** One picture of a series on its way; it names its patient and says that it is not to be planned on. */
export function ArrivalPane({
  desk,
  kind,
  isSettled,
}: {
  desk: ArrivalDesk;
  kind: ArrivalPaneKind;
  isSettled: boolean;
}) {
  const { t } = useTranslation("arrivals");
  const { patient } = useCaseContext().case;
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!host.current) return;
    const pane = desk.workspace.attachPane(host.current, kind);
    return () => pane.dispose();
  }, [desk, kind]);
  return (
    <section
      aria-label={t(`panes.${kind}`)}
      className="relative min-h-0 min-w-0 overflow-hidden bg-ground"
      style={{ gridArea: kind }}
    >
      <div ref={host} className="h-full w-full" />
      <p
        className="pointer-events-none absolute inset-x-2 top-0.5 text-label text-ink [text-shadow:0_0_3px_#000,0_0_3px_#000]"
        data-testid="pane-banner"
      >
        <b className="block font-semibold">{t(`panes.${kind}`)}</b>
        <span className="block text-quiet [overflow-wrap:anywhere]">
          {patient.name || "—"} · {patient.id}
        </span>
        {!isSettled && <span className="block text-warn">▲ {t("notForPlanning")}</span>}
      </p>
    </section>
  );
}
