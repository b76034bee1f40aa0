import { type Action, useActions } from "@app/shell/actions";
import { type Tool, WINDOW_PRESETS } from "@teleneedle/viewer";
import { useTranslation } from "react-i18next";
import { useDesk, useDeskState, useViewerState } from "./desk/useDesk";
import { LAYOUT_NAMES } from "./panes/layouts";
import type { useWorkbenchLook } from "./useWorkbenchLook";

const TOOL_KEYS = {
  cursor: "c",
  window: "w",
  distance: "m",
  angle: "g",
  ellipse: "o",
  brush: "b",
  erase: "e",
} as const satisfies Partial<Record<Tool, string>>;
const TOOLS = Object.keys(TOOL_KEYS) as (keyof typeof TOOL_KEYS)[];
const LAYOUT_KEYS = { six: "6", needle: "7", orthogonal: "8", scene: "9" } as const;
const PRESETS = ["liver", "soft", "lung", "bone", "metal"] as const;
const STEPS = [
  ["ArrowUp", "Shift+ArrowUp", "PageUp", 1],
  ["ArrowDown", "Shift+ArrowDown", "PageDown", -1],
] as const;
const ARROWS = [
  ["ArrowLeft", -1, 0],
  ["ArrowRight", 1, 0],
  ["ArrowUp", 0, -1],
  ["ArrowDown", 0, 1],
] as const;

interface Options {
  mayEdit: boolean;
  bench: ReturnType<typeof useWorkbenchLook>;
  onSave: () => void;
}

/** Everything that can be done on the planning page: buttons, keys and the key sheet all read this one list. */
export function usePlanningActions(options: Options): readonly Action[] {
  const actions = [...useToolActions(options), ...useViewActions(options)];
  useActions(actions);
  return actions;
}

function useToolActions({ mayEdit, onSave }: Options): Action[] {
  const { t } = useTranslation("planning");
  const desk = useDesk();
  const tool = useViewerState((state) => state.tool);
  const isBoxShown = useViewerState((state) => state.targetBox !== null);
  const selected = useViewerState((state) => state.selectedNeedle);
  const needleCount = useViewerState((state) => state.needles.length);
  const hasPlan = useDeskState((state) => state.plan !== null);
  const isUnsaved = useDeskState((state) => state.isEdited || state.editedMasks.size > 0);
  const canUndo = useDeskState((state) => state.canUndo);
  const canRedo = useDeskState((state) => state.canRedo);
  const { store, history } = desk.workspace;
  const group = "planning" as const;
  const paints = tool === "brush" || tool === "erase";
  return [
    ...TOOLS.map((one) => ({
      id: `tool-${one}`,
      group,
      label: t(`tool.${one}`),
      keys: [TOOL_KEYS[one]],
      isOn: tool === one,
      isEnabled: mayEdit || (one !== "brush" && one !== "erase"),
      run: () => store.setState({ tool: one }),
    })),
    {
      id: "paint-here",
      group,
      label: t("tool.paintHere"),
      keys: ["p"],
      isEnabled: mayEdit && paints,
      run: () => desk.paintAtCursor(),
    },
    ...(["smooth", "fill"] as const).map((how) => ({
      id: how,
      group,
      label: t(`tool.${how}`),
      keys: [how === "smooth" ? "s" : "f"],
      isEnabled: mayEdit,
      run: () => desk.workspace.reshape(store.getState().brush.structure, how),
    })),
    {
      id: "box",
      group,
      label: t("tool.box"),
      keys: ["t"],
      isOn: isBoxShown,
      isEnabled: mayEdit,
      run: () => desk.showBox(!isBoxShown),
    },
    {
      id: "add-needle",
      group,
      label: t("tool.needle"),
      keys: ["n"],
      isEnabled: mayEdit && hasPlan,
      run: () => void desk.edits.addNeedle(),
    },
    {
      id: "next-needle",
      group,
      label: t("nextNeedle"),
      keys: ["k"],
      isEnabled: needleCount > 1,
      run: () => desk.selectNextNeedle(),
    },
    {
      id: "remove-needle",
      group,
      label: t("removeNeedle"),
      keys: ["Delete"],
      isEnabled: mayEdit && needleCount > 1 && selected !== null,
      run: () => selected && desk.edits.removeNeedle(selected),
    },
    {
      id: "undo",
      group,
      label: t("undo"),
      keys: ["Mod+z"],
      isEnabled: canUndo,
      run: () => void history.undo(),
    },
    {
      id: "redo",
      group,
      label: t("redo"),
      keys: ["Mod+y", "Mod+Shift+z"],
      isEnabled: canRedo,
      run: () => void history.redo(),
    },
    {
      id: "save",
      group,
      label: t("saveAll"),
      keys: ["Mod+s"],
      isEnabled: mayEdit && isUnsaved,
      run: onSave,
    },
  ];
}

function useViewActions({ bench }: Options): Action[] {
  const { t } = useTranslation("planning");
  const desk = useDesk();
  const hidden = useViewerState((state) => state.overlaysHidden);
  const enlarged = useViewerState((state) => state.enlarged);
  const hasPlan = useDeskState((state) => state.plan !== null);
  const { workspace } = desk;
  const { store } = workspace;
  const group = "view" as const;
  const scroll = (slices: number) => desk.activePane && workspace.scroll(desk.activePane, slices);
  const zoom = (factor: number) => {
    const pane = desk.activePane;
    if (pane) pane.zoom(factor, pane.middle);
  };
  return [
    { id: "tip", group, label: t("toTip"), keys: ["Space"], run: () => workspace.jumpToTip() },
    {
      id: "hide",
      group,
      label: t("hideLong"),
      short: t("tool.hide"),
      keys: ["h"],
      isOn: hidden,
      run: () => store.setState({ overlaysHidden: !hidden }),
    },
    ...LAYOUT_NAMES.map((layout) => ({
      id: `layout-${layout}`,
      group,
      label: `${t("layout")}: ${t(`layoutsLong.${layout}`)}`,
      short: t(`layouts.${layout}`),
      keys: [LAYOUT_KEYS[layout]],
      isOn: bench.look.layout === layout && !enlarged,
      run: () => {
        store.setState({ enlarged: null });
        bench.change({ layout });
      },
    })),
    {
      id: "layout-one",
      group,
      label: `${t("layout")}: ${t("layoutsLong.one")}`,
      short: t("layouts.one"),
      keys: ["0", "Enter"],
      isOn: enlarged !== null,
      run: () => desk.enlarge(),
    },
    {
      id: "panel-left",
      group,
      label: `${t("panels")}: ${t("structures")}`,
      short: t("structures"),
      keys: ["["],
      isOn: bench.isLeft,
      run: bench.toggleLeft,
    },
    {
      id: "panel-right",
      group,
      label: `${t("panels")}: ${t("needle")}`,
      short: t("needle"),
      keys: ["]"],
      isOn: bench.isRight,
      run: bench.toggleRight,
    },
    {
      id: "alternatives",
      group,
      label: t("alternatives"),
      keys: ["a"],
      isOn: bench.isTable,
      isEnabled: hasPlan,
      run: bench.toggleTable,
    },
    ...PRESETS.map((preset, n) => ({
      id: `window-${preset}`,
      group,
      label: t(`windows.${preset}`),
      keys: [String(n + 1)],
      run: () => {
        const window = WINDOW_PRESETS[n];
        if (window) workspace.setWindow(window);
      },
    })),
    ...STEPS.flatMap(([one, five, ten, sign]) => {
      const way = sign > 0 ? "up" : "down";
      return [
        { id: `slice-${way}`, group, label: t(`slices.${way}`), keys: [one], run: () => scroll(sign) },
        { id: `slices-${way}`, group, label: t(`slices.${way}5`), keys: [five], run: () => scroll(5 * sign) },
        { id: `pages-${way}`, group, label: t(`slices.${way}10`), keys: [ten], run: () => scroll(10 * sign) },
      ];
    }),
    ...ARROWS.map(([arrow, right, down]) => ({
      id: `cursor-${arrow}`,
      group,
      label: t(`cursor.${arrow}`),
      keys: [`Mod+${arrow}`],
      run: () => desk.moveCursor(right, down),
    })),
    { id: "zoom-in", group, label: t("zoomIn"), keys: ["+", "="], run: () => zoom(0.9) },
    { id: "zoom-out", group, label: t("zoomOut"), keys: ["-"], run: () => zoom(1 / 0.9) },
    { id: "reset-view", group, label: t("resetView"), keys: ["r"], run: () => desk.activePane?.reset() },
  ];
}
