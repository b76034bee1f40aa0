import { hub } from "@app/hub/hub";
import { arrayOf, type Container, type Mask, readContainer, readMask } from "@teleneedle/viewer";

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

export const fetchMask = async (sha256: string, signal?: AbortSignal): Promise<Mask> =>
  readMask(await fetchContainer(`/api/structures/${sha256}/mask`, signal));
