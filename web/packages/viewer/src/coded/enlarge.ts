import { reduced, type SlicePixels } from "./decode-slice";

/**
 * A coarse picture on the grid of the whole slice, interpolated along both sides.
 *
 * Sample n of a wavelet's low band lies at sample n · 2^skip of the whole (ITU-T T.800, F.3): the first samples
 * coincide, unlike with means of blocks.
 */
export function enlarge(
  { size, hu }: SlicePixels,
  skip: number,
  whole: readonly [number, number],
): Int16Array {
  if (skip === 0) return hu;
  const [rows, columns] = whole;
  const width = size[1];
  if (size[0] !== reduced(rows, skip) || width !== reduced(columns, skip))
    throw new RangeError("the picture is not a reduced slice");
  const step = 1 << skip;
  const wide = new Float32Array(size[0] * columns);
  for (let row = 0; row < size[0]; row++) widen(hu, row * width, width, wide, row * columns, columns, step);
  const out = new Int16Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const above = Math.floor(row / step);
    const below = Math.min(above + 1, size[0] - 1);
    const share = (row - above * step) / step;
    for (let at = row * columns, a = above * columns, b = below * columns, end = at + columns; at < end; ) {
      const value = wide[a++] as number;
      out[at++] = Math.round(value + share * ((wide[b++] as number) - value));
    }
  }
  return out;
}

function widen(
  hu: Int16Array,
  from: number,
  width: number,
  wide: Float32Array,
  to: number,
  columns: number,
  step: number,
): void {
  for (let left = 0, at = 0; left < width; left++) {
    const a = hu[from + left] as number;
    const rise = ((hu[from + Math.min(left + 1, width - 1)] as number) - a) / step;
    for (let n = 0; n < step && at < columns; n++) wide[to + at++] = a + n * rise;
  }
}
