import { type EdgeLetters, edgeLetters, lps, type Vec3 } from "@teleneedle/geometry";
import { type Camera, Vector3 } from "three";

const EDGES = ["left", "right", "top", "bottom"] as const;
const PLACES: Readonly<Record<(typeof EDGES)[number], Partial<CSSStyleDeclaration>>> = {
  left: { left: "6px", top: "calc(50% - 8px)" },
  right: { right: "6px", top: "calc(50% - 8px)" },
  top: { top: "2px", left: "50%" },
  bottom: { bottom: "2px", left: "50%" },
};

/** Where right, left, top and bottom of the picture point to in the patient. */
export function lettersOf(eye: Camera): EdgeLetters {
  const along = (x: number, y: number): Vec3 => {
    const { x: a, y: b, z: c } = new Vector3(x, y, 0).applyQuaternion(eye.quaternion);
    return [a, b, c];
  };
  return edgeLetters({ origin: lps(0, 0, 0), right: along(1, 0), down: along(0, -1) });
}

/** Orientation letters at the edges of the 3-D picture; they follow the eye. */
export class SceneLetters {
  private readonly spans = EDGES.map((edge) => {
    const span = document.createElement("span");
    span.dataset.testid = `scene-letter-${edge}`;
    Object.assign(span.style, {
      position: "absolute",
      color: "#e7ecf3",
      font: "12px sans-serif",
      textShadow: "0 0 3px #000",
      pointerEvents: "none",
      ...PLACES[edge],
    });
    return span;
  });

  constructor(host: HTMLElement) {
    host.append(...this.spans);
  }

  show(eye: Camera): void {
    const letters = lettersOf(eye);
    this.spans.forEach((span, n) => {
      const text = letters[EDGES[n] as (typeof EDGES)[number]];
      if (span.textContent !== text) span.textContent = text;
    });
  }

  dispose(): void {
    for (const span of this.spans) span.remove();
  }
}
