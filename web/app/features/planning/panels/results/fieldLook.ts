import type { Language } from "@app/i18n/useLanguage";
import type { FieldQuantity, FieldResult } from "@teleneedle/protocol";
import {
  arrayOf,
  type ColourStop,
  type Container,
  type Isoline,
  type Isolines,
  type ScalarField,
} from "@teleneedle/viewer";
import type { PlanningDesk } from "../../desk/planningDesk";

/** From cool to hot, or from little dose to much; told apart without red and green. */
const RAMP: readonly (readonly [number, number, number])[] = [
  [86, 180, 233],
  [240, 228, 66],
  [230, 159, 0],
  [213, 94, 0],
  [204, 121, 167],
];
const DASHES = ["2 3", "7 4", undefined, "10 3 2 3"] as const;
const ZONE = "#F0E442";
const ZONE_DASHES = ["2 4", undefined, "5 4"] as const;

const hex = ([r, g, b]: readonly [number, number, number]) =>
  `#${[r, g, b].map((c) => c.toString(16).padStart(2, "0")).join("")}`;

/** A field as the viewer draws it: a wash of colour from the lowest line on, or a band between the outer ones. */
export function isolinesOf(result: FieldResult, container: Container, language: Language): Isolines {
  const { values, shape } = arrayOf(container, "values", "float32");
  const isZone = result.quantity === "ablation_probability";
  const lines: Isoline[] = result.levels.map(({ value, label }, n) => {
    const dash = isZone ? ZONE_DASHES[n % 3] : DASHES[n % 4];
    return {
      value,
      colour: isZone ? ZONE : hex(RAMP[n % RAMP.length] ?? [231, 236, 243]),
      label: label[language],
      ...(dash ? { dash } : {}),
    };
  });
  const stops: ColourStop[] = result.levels.map(({ value }, n) => ({
    value,
    colour: RAMP[n % RAMP.length] ?? [0, 0, 0],
  }));
  const field: ScalarField = {
    shape: [shape[0] ?? 0, shape[1] ?? 0, shape[2] ?? 0],
    affine: result.affine as unknown as ScalarField["affine"],
    values,
    stops,
    opacity: isZone ? 0 : 0.28,
    from: result.levels[0]?.value ?? 0,
    lines: [],
  };
  const [low, high] = [result.levels[0]?.value, result.levels.at(-1)?.value];
  const band = isZone && low !== undefined && high !== undefined && low < high;
  return {
    id: result.sha256,
    field,
    lines,
    ...(band ? { band: { from: low, to: high, colour: ZONE } } : {}),
  };
}

export function hideField(desk: PlanningDesk): void {
  desk.workspace.setField(null);
  desk.workspace.store.setState({ isolines: null });
}

/** Show a field of the version on the desk; it goes as soon as the draft or the version is another one. */
export function showField(desk: PlanningDesk, isolines: Isolines, quantity: FieldQuantity): void {
  const { planSha } = desk.store.getState();
  desk.workspace.setField(quantity === "ablation_probability" ? null : isolines.field);
  desk.workspace.store.setState({ isolines });
  const stop = desk.store.subscribe((now) => {
    const isShown = desk.workspace.store.getState().isolines === isolines;
    if (isShown && now.planSha === planSha && !now.isEdited) return;
    stop();
    if (isShown) hideField(desk);
  });
}
