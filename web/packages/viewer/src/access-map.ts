/** Slack of the best path, mm, and its colour: dark where no path is safe, then blue to yellow at 15 mm. */
const STOPS: readonly (readonly [number, readonly [number, number, number]])[] = [
  [0, [24, 56, 66]],
  [3, [0, 114, 178]],
  [8, [86, 180, 233]],
  [15, [230, 208, 130]],
];
const NO_PATH = [38, 42, 50] as const;

/** Colour of a slack, 0 to 255. */
export function accessColour(qualityMm: number): readonly [number, number, number] {
  if (!(qualityMm >= 0)) return NO_PATH;
  const next = STOPS.findIndex(([value]) => value >= qualityMm);
  const [to, high] = STOPS[next] ?? (STOPS.at(-1) as (typeof STOPS)[number]);
  const [from, low] = STOPS[Math.max(0, next - 1)] ?? [to, high];
  if (next <= 0) return high;
  const t = (qualityMm - from) / (to - from);
  return [low[0] + t * (high[0] - low[0]), low[1] + t * (high[1] - low[1]), low[2] + t * (high[2] - low[2])];
}

/** Colours of many points, three bytes each. */
export function accessColours(qualityMm: Float32Array): Uint8Array {
  const colours = new Uint8Array(qualityMm.length * 3);
  qualityMm.forEach((quality, n) => {
    colours.set(accessColour(quality), 3 * n);
  });
  return colours;
}
