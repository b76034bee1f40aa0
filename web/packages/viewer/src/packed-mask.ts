import { Mask } from "./mask";
import { arrayOf, type Container, writeContainer } from "./tnb1";
import type { Shape } from "./volume";

const shapeOf = (raw: unknown): Shape => {
  const [k = 0, j = 0, i = 0] = Array.isArray(raw) ? (raw as number[]) : [];
  return [k, j, i];
};

/** The mask that a container holds: the bits of its box. */
export function readMask(container: Container): Mask {
  const box = { start: shapeOf(container.facts.start_kji), shape: shapeOf(container.facts.shape_kji) };
  return new Mask(box, new Uint8Array(arrayOf(container, "bits", "uint8").values));
}

/** The bytes of a container that holds a mask. */
export function maskBytes({ bits, start, shape }: Mask): ArrayBuffer {
  return writeContainer(
    { bits: { shape: [bits.length], values: bits } },
    { start_kji: start, shape_kji: shape },
  );
}
