import { useCaseContext } from "@app/shell/CaseFrame";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { AnyPane } from "./layouts";

const WORDS = {
  axial: "axial",
  coronal: "coronal",
  sagittal: "sagittal",
  "in-line": "inLine",
  "probe-eye": "probeEye",
  "3d": "scene",
} as const;

interface Props {
  kind: AnyPane;
  area: string | undefined;
  onActive: () => void;
  children: ReactNode;
}

/** Around every picture: which view it is and whose body, so that a picture alone still names its patient. */
export function PaneFrame({ kind, area, onActive, children }: Props) {
  const { t } = useTranslation("planning");
  const { patient } = useCaseContext().case;
  return (
    <section
      aria-label={t(`panes.${WORDS[kind]}`)}
      className="relative min-h-0 min-w-0 overflow-hidden bg-ground"
      style={{ gridArea: area }}
      onFocusCapture={onActive}
      onPointerDownCapture={onActive}
    >
      {children}
      <p
        className="pointer-events-none absolute inset-x-2 top-0.5 text-label text-ink [text-shadow:0_0_3px_#000,0_0_3px_#000]"
        data-testid="pane-banner"
      >
        <b className="block font-semibold">{t(`panes.${WORDS[kind]}`)}</b>
        <span className="block text-quiet [overflow-wrap:anywhere]">
          <span className="inline-block">{patient.name || "—"} ·</span>{" "}
          <span className="inline-block">{patient.id}</span>
        </span>
      </p>
    </section>
  );
}
