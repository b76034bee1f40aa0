import { hub } from "@app/hub/hub";
import { arrayOf, type Container, Mask, readContainer, type Shape, writeContainer } from "@teleneedle/viewer";

export async function fetchContainer(path: string, signal?: AbortSignal): Promise<Container> {
  const response = await hub.respond("GET", path, signal ? { signal } : {});
  return readContainer(await response.arrayBuffer());
}

export async function fetchSlab(
  seriesId: string,
  level: number,
  k0: number,
  k1: number,
  signal: AbortSignal,
) {
  const container = await fetchContainer(
    `/api/series/${seriesId}/slab?level=${level}&k0=${k0}&k1=${k1}`,
    signal,
  );
  return arrayOf(container, "hu", "int16").values;
}

const shapeOf = (raw: unknown): Shape => {
  const [k = 0, j = 0, i = 0] = Array.isArray(raw) ? (raw as number[]) : [];
  return [k, j, i];
};

export async function fetchMask(sha256: string, signal?: AbortSignal): Promise<Mask> {
  const container = await fetchContainer(`/api/structures/${sha256}/mask`, signal);
  const box = { start: shapeOf(container.facts.start_kji), shape: shapeOf(container.facts.shape_kji) };
  return new Mask(box, new Uint8Array(arrayOf(container, "bits", "uint8").values));
}

export function maskBytes(mask: Mask): ArrayBuffer {
  const { bits, start, shape } = mask;
  return writeContainer(
    { bits: { shape: [bits.length], values: bits } },
    { start_kji: start, shape_kji: shape },
  );
}
