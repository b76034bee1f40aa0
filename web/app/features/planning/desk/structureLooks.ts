import type { StructureState } from "@teleneedle/protocol";
import type { Structure } from "@teleneedle/viewer";

const TARGETS = /tumou?r|gtv|lesion|target/i;
const OUTSIDE = new Set(["body", "skin"]);

export const isTarget = (structure: Pick<StructureState, "name" | "kind">): boolean =>
  TARGETS.test(structure.kind) || TARGETS.test(structure.name);

const rgb = (hex: string): [number, number, number] => {
  const value = Number.parseInt(hex.replace("#", ""), 16);
  return Number.isNaN(value) ? [141, 153, 171] : [(value >> 16) & 255, (value >> 8) & 255, value & 255];
};

/** Drawn large below small, the target on top; the numbers are the places in that order. */
export function structuresToDraw(
  structures: readonly StructureState[],
  before: readonly Structure[],
): Structure[] {
  const order = [...structures].sort(
    (a, b) => Number(isTarget(a)) - Number(isTarget(b)) || (b.volume_ml ?? 0) - (a.volume_ml ?? 0),
  );
  return order.slice(-32).map((structure, n) => {
    const known = before.find((one) => one.name === structure.name);
    const isOutside = OUTSIDE.has(structure.kind);
    return {
      id: known?.id ?? freeNumber(before, n + 1, order.length),
      name: structure.name,
      visible: known?.visible ?? !isOutside,
      colour: rgb(structure.colour),
      fill: isOutside ? 0 : isTarget(structure) ? 0.28 : structure.kind === "liver" ? 0.08 : 0.3,
      outline: structure.kind === "liver" || isOutside ? 0.55 : 0.95,
    };
  });
}

/** Structures that appear later get a number that nobody has. */
function freeNumber(before: readonly Structure[], wanted: number, all: number): number {
  if (before.length === 0) return wanted;
  const taken = new Set(before.map(({ id }) => id));
  for (let id = Math.min(32, all); id >= 1; id--) if (!taken.has(id)) return id;
  for (let id = 32; id >= 1; id--) if (!taken.has(id)) return id;
  return 32;
}

/** How solid a surface is in the 3-D picture: what lies around is glass. */
export function solidity(kind: string): number {
  if (OUTSIDE.has(kind)) return 0.1;
  if (kind === "lung") return 0;
  if (kind === "liver") return 0.3;
  return 1;
}
