import { hub } from "@app/hub/hub";
import { type Mask, readContainer, readMask } from "@teleneedle/viewer";

/** The packed mask of a preliminary organ, on the grid that the arrival's record says. */
export async function fetchEarlyMask(arrivalId: string, kind: string, signal: AbortSignal): Promise<Mask> {
  const path = `/api/arriving/${arrivalId}/structures/${encodeURIComponent(kind)}`;
  const response = await hub.respond("GET", path, { signal });
  return readMask(readContainer(await response.arrayBuffer()));
}
