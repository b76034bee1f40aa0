import type { HTJ2KDecoder } from "@cornerstonejs/codec-openjph";

/** One slice to be decoded: its code stream, or a prefix that holds all but the `skip` finest resolutions. */
export interface CodedPicture {
  readonly code: Uint8Array;
  readonly skip: number;
  /** Rows and columns of the whole slice. */
  readonly size: readonly [number, number];
  /** Sample × slope + intercept is HU. */
  readonly slope: number;
  readonly intercept: number;
}

/** CT numbers of a slice at some resolution. */
export interface SlicePixels {
  readonly size: readonly [number, number];
  readonly hu: Int16Array;
}

export class CodeStreamError extends Error {
  override readonly name = "CodeStreamError";
}

/** Length of a side once it was halved `skip` times (ITU-T T.800, B-15). */
export const reduced = (length: number, skip: number): number => Math.ceil(length / 2 ** skip);

/** Decode one picture. A stream that is not what the series promised is refused before memory is taken for it. */
export function decodeSlice(decoder: HTJ2KDecoder, picture: CodedPicture): SlicePixels {
  const { code, skip, slope, intercept } = picture;
  const [rows, columns] = picture.size;
  decoder.getEncodedBuffer(code.length).set(code);
  decoder.readHeader();
  const { width, height, bitsPerSample, componentCount, isSigned } = decoder.getFrameInfo();
  if (width !== columns || height !== rows || componentCount !== 1 || bitsPerSample > 16)
    throw new CodeStreamError(
      `a slice of ${columns} × ${rows} came as ${width} × ${height}, ${bitsPerSample} bit`,
    );
  if (skip > 0) decoder.decodeSubResolution(skip);
  else decoder.decode();
  const size = [reduced(rows, skip), reduced(columns, skip)] as const;
  const samples = samplesOf(decoder.getDecodedBuffer(), bitsPerSample > 8 ? 2 : 1, isSigned);
  if (samples.length !== size[0] * size[1]) throw new CodeStreamError("a slice was decoded to another size");
  return { size, hu: rescaled(samples, slope, intercept) };
}

type Samples = Int16Array | Uint16Array | Int8Array | Uint8Array;

function samplesOf(bytes: Uint8Array, width: 1 | 2, isSigned: boolean): Samples {
  const own = bytes.slice().buffer;
  if (width === 2) return isSigned ? new Int16Array(own) : new Uint16Array(own);
  return isSigned ? new Int8Array(own) : new Uint8Array(own);
}

function rescaled(samples: Samples, slope: number, intercept: number): Int16Array {
  if (samples instanceof Int16Array && slope === 1 && intercept === 0) return samples;
  const hu = new Int16Array(samples.length);
  for (let n = 0; n < hu.length; n++) {
    const value = Math.round((samples[n] as number) * slope + intercept);
    hu[n] = Math.max(-32768, Math.min(32767, value));
  }
  return hu;
}
