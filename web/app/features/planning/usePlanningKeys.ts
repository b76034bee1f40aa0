import type { Tool } from "@teleneedle/viewer";
import { WINDOW_PRESETS } from "@teleneedle/viewer";
import { useEffect } from "react";
import type { PlanningDesk } from "./desk/planningDesk";

const TOOLS: Readonly<Record<string, Tool>> = {
  c: "cursor",
  w: "window",
  m: "distance",
  b: "brush",
  e: "erase",
};

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement && /^(INPUT|SELECT|TEXTAREA|BUTTON)$/.test(target.tagName);

/** Keys of the planning page; they rest while somebody types. */
export function usePlanningKeys(desk: PlanningDesk, mayEdit: boolean) {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const key = event.key.toLowerCase();
      const { workspace } = desk;
      if ((event.ctrlKey || event.metaKey) && key === "z") {
        event.preventDefault();
        if (event.shiftKey) workspace.history.redo();
        else workspace.history.undo();
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const tool = TOOLS[key];
      const preset = WINDOW_PRESETS[Number(key) - 1];
      if (key === " ") workspace.jumpToTip();
      else if (key === "h")
        workspace.store.setState({ overlaysHidden: !workspace.store.getState().overlaysHidden });
      else if (preset) workspace.setWindow(preset);
      else if (key === "t" && mayEdit) desk.showBox(!desk.store.getState().isBoxShown);
      else if (key === "n" && mayEdit) desk.addNeedle();
      else if (tool && (mayEdit || (tool !== "brush" && tool !== "erase")))
        workspace.store.setState({ tool });
      else return;
      event.preventDefault();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [desk, mayEdit]);
}
