import { type Lps, lps, normalize, type PlaneView, perpendicular, type Vec3 } from "../src";

/** Seeded generator (mulberry32), uniform in [0, 1). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export const randomPoint = (draw: () => number, size = 100): Lps =>
  lps((draw() - 0.5) * size, (draw() - 0.5) * size, (draw() - 0.5) * size);

export const randomUnit = (draw: () => number): Vec3 => normalize(randomPoint(draw));

export function randomView(draw: () => number, origin: Lps): PlaneView {
  const right = randomUnit(draw);
  return {
    origin,
    right,
    down: perpendicular(randomUnit(draw), right),
    width: 300,
    height: 200,
    mmPerPixel: 0.2 + draw(),
  };
}
