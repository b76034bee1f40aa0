import { invert, type PlaneView } from "@teleneedle/geometry";
import { colourTable, type ScalarField } from "./scalar-field";
import { RowSpan, stepsOf } from "./stepping";
import { sampleLinear } from "./volume";

const span = new RowSpan();

/** Values of a field on a plane, trilinear; −∞ outside. */
export function resliceField(field: ScalarField, view: PlaneView, out: Float32Array): void {
  const { start, right, down } = stepsOf(view, invert(field.affine));
  out.fill(Number.NEGATIVE_INFINITY, 0, view.width * view.height);
  for (let y = 0; y < view.height; y++) {
    const [i, j, k] = [start[0] + down[0] * y, start[1] + down[1] * y, start[2] + down[2] * y];
    span.find(i, j, k, right, view.width, field.shape, 0);
    for (let x = span.from; x < span.to; x++) {
      const value = sampleLinear(
        field.values,
        field.shape,
        i + right[0] * x,
        j + right[1] * x,
        k + right[2] * x,
      );
      out[y * view.width + x] = value;
    }
  }
}

/** Lay the colour map and the lines of equal value over a picture. */
export function blendField(
  field: ScalarField,
  values: Float32Array,
  width: number,
  height: number,
  out: Uint32Array,
): void {
  const table = colourTable(field.stops);
  const first = field.stops[0]?.value ?? 0;
  const gain = 255 / ((field.stops.at(-1)?.value ?? 1) - first || 1);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      const value = values[at] as number;
      const nextX = x < width - 1 ? (values[at + 1] as number) : value;
      const nextY = y < height - 1 ? (values[at + width] as number) : value;
      for (const line of field.lines) {
        const inside = value >= line.value;
        if (inside !== nextX >= line.value || inside !== nextY >= line.value) {
          const [r, g, b] = line.colour;
          out[at] = 0xff000000 | r | (g << 8) | (b << 16);
        }
      }
      if (value < field.from || isLine(field, value, nextX, nextY)) continue;
      const entry = 3 * Math.max(0, Math.min(255, Math.round((value - first) * gain)));
      const pixel = out[at] as number;
      const mixed = (c: number, shift: number) =>
        (((pixel >> shift) & 255) * (1 - field.opacity) +
          (table[entry + c] as number) * field.opacity +
          0.5) &
        255;
      out[at] = 0xff000000 | mixed(0, 0) | (mixed(1, 8) << 8) | (mixed(2, 16) << 16);
    }
  }
}

const isLine = (field: ScalarField, value: number, nextX: number, nextY: number): boolean =>
  field.lines.some((line) => {
    const inside = value >= line.value;
    return inside !== nextX >= line.value || inside !== nextY >= line.value;
  });
