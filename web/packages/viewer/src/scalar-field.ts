import type { Grid } from "./volume";

/** A colour of a map at a value. */
export interface ColourStop {
  readonly value: number;
  readonly colour: readonly [number, number, number];
}

/** Dose or temperature over the picture: a grid of numbers, a colour map and lines of equal value. */
export interface ScalarField extends Grid {
  readonly values: Float32Array;
  readonly stops: readonly ColourStop[];
  readonly opacity: number;
  /** Below this nothing is drawn. */
  readonly from: number;
  /** Lines of equal value with their colour, at most 8. */
  readonly lines: readonly ColourStop[];
}

/** 256 colours (r, g, b) from the first stop's value to the last one's. */
export function colourTable(stops: readonly ColourStop[]): Uint8Array {
  const table = new Uint8Array(256 * 3);
  const first = stops[0];
  const last = stops.at(-1);
  if (!first || !last) return table;
  const span = last.value - first.value || 1;
  for (let n = 0; n < 256; n++) {
    const value = first.value + (span * n) / 255;
    const next = stops.findIndex((stop) => stop.value >= value);
    const b = stops[next < 0 ? stops.length - 1 : next] ?? last;
    const a = stops[Math.max(0, (next < 0 ? stops.length : next) - 1)] ?? first;
    const t = b.value > a.value ? Math.max(0, Math.min(1, (value - a.value) / (b.value - a.value))) : 1;
    for (let c = 0; c < 3; c++) {
      const channel = c as 0 | 1 | 2;
      table[3 * n + c] = Math.round(a.colour[channel] + t * (b.colour[channel] - a.colour[channel]));
    }
  }
  return table;
}
