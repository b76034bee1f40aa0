import startCodec, { type HTJ2KDecoder } from "@cornerstonejs/codec-openjph";
import wasm from "@cornerstonejs/codec-openjph/wasm?url";
import { type CodedPicture, decodeSlice, type SlicePixels } from "./decode-slice";
import { enlarge } from "./enlarge";

/** A slice to be decoded, or one decoded already, and whether it is wanted at the size of the whole slice. */
export interface DecodeTask {
  readonly id: number;
  readonly picture: CodedPicture | null;
  readonly pixels: SlicePixels | null;
  readonly skip: number;
  readonly enlargeTo: readonly [number, number] | null;
}

export type DecodeAnswer =
  | { readonly id: number; readonly pixels: SlicePixels }
  | { readonly id: number; readonly problem: string };

let decoder: Promise<HTJ2KDecoder> | null = null;

const startDecoder = (): Promise<HTJ2KDecoder> =>
  startCodec({ locateFile: () => wasm }).then((codec) => new codec.HTJ2KDecoder());

async function work({ picture, pixels, skip, enlargeTo }: DecodeTask): Promise<SlicePixels> {
  decoder ??= picture ? startDecoder() : null;
  const found = picture && decoder ? decodeSlice(await decoder, picture) : pixels;
  if (!found) throw new RangeError("there is nothing to decode");
  return enlargeTo ? { size: enlargeTo, hu: enlarge(found, skip, enlargeTo) } : found;
}

/** Without a task the decoder is only made ready. */
self.addEventListener("message", async ({ data }: MessageEvent<DecodeTask | null>) => {
  if (!data) {
    decoder ??= startDecoder();
    return;
  }
  try {
    const pixels = await work(data);
    self.postMessage({ id: data.id, pixels } satisfies DecodeAnswer, { transfer: [pixels.hu.buffer] });
  } catch (problem) {
    decoder = null;
    self.postMessage({ id: data.id, problem: String(problem) } satisfies DecodeAnswer);
  }
});
