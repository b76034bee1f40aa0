import { readPictures, type SlicePart, type Stage } from "@teleneedle/viewer";
import { hub } from "./hub";

/** Code streams of slices [k0, k1) below `path`, from one resolution to a finer one. */
export async function fetchPictures(
  path: string,
  { skip, after }: Pick<Stage, "skip" | "after">,
  k0: number,
  k1: number,
  signal: AbortSignal,
): Promise<SlicePart[]> {
  const beyond = after === null ? "" : `&after=${after}`;
  const response = await hub.respond("GET", `${path}?skip=${skip}${beyond}&k0=${k0}&k1=${k1}`, { signal });
  return readPictures(await response.arrayBuffer());
}
