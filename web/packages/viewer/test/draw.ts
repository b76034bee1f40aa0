import { lps, normalize, type PlaneView, perpendicular } from "@teleneedle/geometry";

/** Seeded generator, uniform in [0, 1). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
}

export function drawView(draw: () => number, sizeMm: number): PlaneView {
  const at = () => (draw() - 0.5) * sizeMm;
  const right = normalize([at(), at(), at()]);
  return {
    origin: lps(at(), at(), at()),
    right,
    down: perpendicular([at(), at(), at()], right),
    width: 40,
    height: 30,
    mmPerPixel: 0.3 + draw(),
  };
}
