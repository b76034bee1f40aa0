import type { Plane } from "./planes";
import { scale, type Vec3 } from "./points";

const LETTERS = [
  ["L", "R"],
  ["P", "A"],
  ["S", "I"],
] as const;

/** Where a direction points to in the patient: the largest axis first, then those of at least a fifth of it ("LP"). */
export function directionLetters(direction: Vec3, share = 0.2): string {
  const parts = LETTERS.map(([plus, minus], n) => {
    const size = direction[n as 0 | 1 | 2];
    return { letter: size >= 0 ? plus : minus, size: Math.abs(size) };
  }).sort((a, b) => b.size - a.size);
  const largest = parts[0]?.size ?? 0;
  return parts
    .filter((part) => part.size > 0 && part.size >= share * largest)
    .map((part) => part.letter)
    .join("");
}

export interface EdgeLetters {
  readonly left: string;
  readonly right: string;
  readonly top: string;
  readonly bottom: string;
}

/** Orientation letters for the four edges of a pane. */
export const edgeLetters = (plane: Plane): EdgeLetters => ({
  left: directionLetters(scale(plane.right, -1)),
  right: directionLetters(plane.right),
  top: directionLetters(scale(plane.down, -1)),
  bottom: directionLetters(plane.down),
});
