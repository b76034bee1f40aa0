import { hub } from "@app/hub/hub";
import { arrayOf, Mask, readContainer, type Shape } from "@teleneedle/viewer";

/** The packed mask of a preliminary organ, on the grid that the arrival's record says. */
export async function fetchEarlyMask(arrivalId: string, kind: string, signal: AbortSignal): Promise<Mask> {
  const path = `/api/arriving/${arrivalId}/structures/${encodeURIComponent(kind)}`;
  const response = await hub.respond("GET", path, { signal });
  const container = readContainer(await response.arrayBuffer());
  const { start_kji, shape_kji } = container.facts as { start_kji: Shape; shape_kji: Shape };
  return new Mask({ start: start_kji, shape: shape_kji }, arrayOf(container, "bits", "uint8").values);
}
