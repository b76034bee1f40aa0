import type { ViewerState, ViewerWords } from "@teleneedle/viewer";
import { ENGLISH } from "@teleneedle/viewer";
import type { TFunction } from "i18next";
import { createContext, useContext } from "react";
import { useStore } from "zustand";
import type { DeskState } from "./deskState";
import type { PlanningDesk } from "./planningDesk";

export const DeskContext = createContext<PlanningDesk | null>(null);

/** The desk of the page; only below its provider. */
export function useDesk(): PlanningDesk {
  const desk = useContext(DeskContext);
  if (!desk) throw new Error("no planning desk");
  return desk;
}

export const useDeskState = <T>(pick: (state: DeskState) => T): T => useStore(useDesk().store, pick);

export const useViewerState = <T>(pick: (state: ViewerState) => T): T =>
  useStore(useDesk().workspace.store, pick);

/** What the viewer shows and reads out, in the person's language. */
export function viewerWords(t: TFunction<"planning">): ViewerWords {
  return {
    ...ENGLISH,
    pane: (kind) =>
      ({
        axial: t("panes.axial"),
        coronal: t("panes.coronal"),
        sagittal: t("panes.sagittal"),
        "in-line": t("panes.inLine"),
        "probe-eye": t("panes.probeEye"),
      })[kind],
    handle: (needle, handle) => t(handle, { needle }),
    boxHandle: (sides) =>
      sides.length > 2
        ? t("box")
        : `${t("box")} ${sides.map((side) => t(`sides.${(["right", "left", "front", "back", "lower", "upper"] as const)[side]}`)).join(" ")}`,
  };
}
