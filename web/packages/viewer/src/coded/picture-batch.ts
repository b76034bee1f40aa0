import { arrayOf, ContainerError, readContainer } from "../tnb1";

/** A part of the code stream of slice `k`; sample × slope + intercept is HU. */
export interface SlicePart {
  readonly k: number;
  /** Names the instance while a series arrives. */
  readonly number: number;
  /** The code begins a stream, whatever came before of this slice. */
  readonly isStart: boolean;
  readonly code: Uint8Array;
  readonly slope: number;
  readonly intercept: number;
}

/** Read what `/pictures` answers: parts of code streams of many slices. */
export function readPictures(buffer: ArrayBuffer): SlicePart[] {
  const container = readContainer(buffer);
  const ks = arrayOf(container, "k", "uint32").values;
  const numbers = arrayOf(container, "number", "uint32").values;
  const ends = arrayOf(container, "ends", "uint32").values;
  const starts = arrayOf(container, "is_start", "uint8").values;
  const slopes = arrayOf(container, "slope", "float32").values;
  const intercepts = arrayOf(container, "intercept", "float32").values;
  const code = arrayOf(container, "code", "uint8").values;
  if (ends.length !== ks.length || (ends.at(-1) ?? 0) !== code.length)
    throw new ContainerError("the pictures do not fill their container");
  return Array.from(ks, (k, n) => ({
    k,
    number: numbers[n] ?? 0,
    isStart: starts[n] === 1,
    code: code.subarray(n > 0 ? ends[n - 1] : 0, ends[n]),
    slope: slopes[n] ?? 1,
    intercept: intercepts[n] ?? 0,
  }));
}
