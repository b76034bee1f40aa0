import type { PlaneView } from "@teleneedle/geometry";
import type { LabelStyle, Labels } from "./labels";
import type { Window } from "./slice-renderer";
import { RowSpan, stepsOf } from "./stepping";
import type { Volume } from "./volume";

/** Voxel centres are inside with this much to spare, so that the first and last slice are drawn. */
export const RIM = 1e-3;
const BLACK = 0xff000000;
const span = new RowSpan();

/** Grey picture of a plane, trilinear, windowed, as little-endian RGBA. */
export function resliceGrey(volume: Volume, view: PlaneView, window: Window, out: Uint32Array): void {
  const { start, right, down } = stepsOf(view, volume.lpsToIndex);
  const { data, shape } = volume;
  const [K, J, I] = shape;
  const [mi, mj, mk] = [Math.max(0, I - 2), Math.max(0, J - 2), Math.max(0, K - 2)];
  const si = I > 1 ? 1 : 0;
  const sj = J > 1 ? I : 0;
  const sk = K > 1 ? I * J : 0;
  const [ri, rj, rk] = right;
  const gain = 255 / window.width;
  const offset = 0.5 - (window.centre - window.width / 2) * gain;
  const { width, height } = view;
  out.fill(BLACK, 0, width * height);
  for (let y = 0; y < height; y++) {
    let i = start[0] + down[0] * y;
    let j = start[1] + down[1] * y;
    let k = start[2] + down[2] * y;
    span.find(i, j, k, right, width, shape, -RIM);
    i += ri * span.from;
    j += rj * span.from;
    k += rk * span.from;
    const row = y * width;
    for (let x = span.from; x < span.to; x++) {
      let i0 = i | 0;
      let j0 = j | 0;
      let k0 = k | 0;
      if (i0 > mi) i0 = mi;
      if (j0 > mj) j0 = mj;
      if (k0 > mk) k0 = mk;
      const fi = i - i0;
      const fj = j - j0;
      const fk = k - k0;
      const n = (k0 * J + j0) * I + i0;
      const a = data[n] as number;
      const b = data[n + sj] as number;
      const e = a + fi * ((data[n + si] as number) - a);
      let value = e + fj * (b + fi * ((data[n + sj + si] as number) - b) - e);
      if (fk !== 0) {
        const m = n + sk;
        const c = data[m] as number;
        const d = data[m + sj] as number;
        const f = c + fi * ((data[m + si] as number) - c);
        value += fk * (f + fj * (d + fi * ((data[m + sj + si] as number) - d) - f) - value);
      }
      let grey = (value * gain + offset) | 0;
      if (grey < 0) grey = 0;
      else if (grey > 255) grey = 255;
      out[row + x] = BLACK | (grey * 0x10101);
      i += ri;
      j += rj;
      k += rk;
    }
  }
}

/** Structure numbers of a plane, nearest voxel; 0 outside. */
export function resliceLabels(
  labels: Labels,
  lpsToIndex: Volume["lpsToIndex"],
  view: PlaneView,
  out: Uint8Array,
): void {
  const { start, right, down } = stepsOf(view, lpsToIndex);
  const { data, shape } = labels;
  const [, J, I] = shape;
  const [ri, rj, rk] = right;
  const { width, height } = view;
  out.fill(0, 0, width * height);
  for (let y = 0; y < height; y++) {
    let i = start[0] + down[0] * y;
    let j = start[1] + down[1] * y;
    let k = start[2] + down[2] * y;
    span.find(i, j, k, right, width, shape, -0.5 + RIM);
    i += 0.5 + ri * span.from;
    j += 0.5 + rj * span.from;
    k += 0.5 + rk * span.from;
    for (let at = y * width + span.from, end = y * width + span.to; at < end; at++) {
      out[at] = data[((k | 0) * J + (j | 0)) * I + (i | 0)] as number;
      i += ri;
      j += rj;
      k += rk;
    }
  }
}

/** One table entry per structure: its colour times each opacity, and what is kept of the picture, of 256. */
export class LabelTable {
  readonly fill = new Float64Array(256 * 4);
  readonly outline = new Float64Array(256 * 4);

  constructor(styles: readonly (LabelStyle | undefined)[], opacity: number) {
    for (let id = 1; id < 256; id++) {
      const style = styles[id];
      put(this.fill, id, style, (style?.fill ?? 0) * opacity);
      put(this.outline, id, style, (style?.outline ?? 0) * opacity);
    }
  }
}

function put(table: Float64Array, id: number, style: LabelStyle | undefined, alpha: number): void {
  table[4 * id] = (style?.colour[0] ?? 0) * alpha;
  table[4 * id + 1] = (style?.colour[1] ?? 0) * alpha;
  table[4 * id + 2] = (style?.colour[2] ?? 0) * alpha;
  table[4 * id + 3] = 1 - alpha;
}

/** Lay fills and outlines over a picture. A pixel is outline when one of its four neighbours has another number. */
export function blendLabels(
  numbers: Uint8Array,
  width: number,
  height: number,
  table: LabelTable,
  out: Uint32Array,
): void {
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      const id = numbers[at] as number;
      if (id === 0) continue;
      const edge =
        (x > 0 && numbers[at - 1] !== id) ||
        (x < width - 1 && numbers[at + 1] !== id) ||
        (y > 0 && numbers[at - width] !== id) ||
        (y < height - 1 && numbers[at + width] !== id);
      const entry = edge ? table.outline : table.fill;
      const keep = entry[4 * id + 3] as number;
      const pixel = out[at] as number;
      const r = (pixel & 255) * keep + (entry[4 * id] as number) + 0.5;
      const g = ((pixel >> 8) & 255) * keep + (entry[4 * id + 1] as number) + 0.5;
      const b = ((pixel >> 16) & 255) * keep + (entry[4 * id + 2] as number) + 0.5;
      out[at] = BLACK | (r & 255) | ((g & 255) << 8) | ((b & 255) << 16);
    }
  }
}
