import type { Action } from "@app/shell/actions";
import { useTranslation } from "react-i18next";
import { ActionButton } from "./ActionButton";

const TOOLS = [
  "tool-cursor",
  "tool-window",
  "tool-distance",
  "tool-angle",
  "tool-ellipse",
  "tool-brush",
  "tool-erase",
  "smooth",
  "fill",
  "box",
  "add-needle",
  "hide",
  "undo",
  "redo",
];
const VIEWS = ["layout-six", "layout-needle", "layout-orthogonal", "layout-scene", "layout-one"];
const PANELS = ["panel-left", "panel-right"];

/** Tools, layouts and panels, always at hand beside the pictures. */
export function ToolRail({ actions }: { actions: readonly Action[] }) {
  const { t } = useTranslation("planning");
  const group = (label: string, ids: readonly string[]) => (
    // biome-ignore lint/a11y/useSemanticElements: a toolbar's group is no fieldset
    <div role="group" aria-label={label} className="border-b border-line p-1 last:border-0">
      {ids.map((id) => (
        <ActionButton key={id} action={actions.find((one) => one.id === id)} />
      ))}
    </div>
  );
  return (
    <div
      role="toolbar"
      aria-label={t("tools")}
      aria-orientation="vertical"
      className="w-[84px] shrink-0 overflow-y-auto border-r border-line bg-panel"
    >
      {group(t("panels"), PANELS)}
      {group(t("tools"), TOOLS)}
      {group(t("layout"), VIEWS)}
    </div>
  );
}
