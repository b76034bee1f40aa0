import { useState, useSyncExternalStore } from "react";
import { LAYOUT_NAMES, type Layout } from "./panes/layouts";

export type RightTab = "needle" | "results" | "files";

/** How a person likes the planning page; null means as the window and the case suggest. */
export interface WorkbenchLook {
  readonly left: boolean | null;
  readonly right: boolean | null;
  readonly layout: Layout;
  readonly tab: RightTab;
  readonly labelOpacity: number;
}

const START: WorkbenchLook = { left: null, right: null, layout: "six", tab: "needle", labelOpacity: 1 };
const WIDE = "(min-width: 1600px)";

const keyOf = (personId: string) => `teleneedle.workbench.${personId}`;

/** What was remembered; whatever cannot be read is as at the start. */
export function readLook(stored: string | null): WorkbenchLook {
  if (!stored) return START;
  try {
    const kept = JSON.parse(stored) as Partial<WorkbenchLook>;
    const side = (value: unknown) => (typeof value === "boolean" ? value : null);
    return {
      left: side(kept.left),
      right: side(kept.right),
      layout: LAYOUT_NAMES.find((name) => name === kept.layout) ?? START.layout,
      tab: (["needle", "results", "files"] as const).find((name) => name === kept.tab) ?? START.tab,
      labelOpacity:
        typeof kept.labelOpacity === "number" && kept.labelOpacity >= 0 && kept.labelOpacity <= 1
          ? kept.labelOpacity
          : START.labelOpacity,
    };
  } catch {
    return START;
  }
}

function useIsWide(): boolean {
  return useSyncExternalStore(
    (onChange) => {
      const query = matchMedia(WIDE);
      query.addEventListener("change", onChange);
      return () => query.removeEventListener("change", onChange);
    },
    () => matchMedia(WIDE).matches,
  );
}

/**
 * Layout, panels and opacity of one person, remembered in this browser.
 *
 * A wide window has room for both panels beside the pictures; a narrow one for one, which is the structures until
 * every one is reviewed or there is a plan, and the needle from then on.
 */
export function useWorkbenchLook(personId: string, isPlanning: boolean) {
  const [look, setLook] = useState(() => readLook(localStorage.getItem(keyOf(personId))));
  const [isTable, setTable] = useState(false);
  const isWide = useIsWide();
  const change = (part: Partial<WorkbenchLook>) =>
    setLook((now) => {
      const next = { ...now, ...part };
      localStorage.setItem(keyOf(personId), JSON.stringify(next));
      return next;
    });
  const isRight = look.right ?? (isWide || isPlanning);
  const isLeft = (look.left ?? (isWide || !isPlanning)) && (isWide || !isRight);
  return {
    look,
    change,
    isLeft,
    isRight,
    isTable,
    toggleTable: () => setTable(!isTable),
    toggleLeft: () => change(isLeft || isWide ? { left: !isLeft } : { left: true, right: false }),
    toggleRight: () => change(isRight || isWide ? { right: !isRight } : { right: true, left: false }),
  };
}
