import { arrayOf, type Container } from "@teleneedle/viewer";
import { fetchContainer } from "./fetchBytes";

/** Where on the skin a needle may enter, and what stands in the way elsewhere. */
export interface AccessMap {
  readonly container: Container;
  readonly all: number;
  readonly reachable: number;
  /** What blocks the other points, the most frequent first, as a share of those points. */
  readonly blocks: readonly { readonly reason: string; readonly share: number }[];
}

export async function fetchAccessMap(
  caseId: string,
  sha256: string,
  signal?: AbortSignal,
): Promise<AccessMap> {
  return readAccessMap(await fetchContainer(`/api/cases/${caseId}/access-maps/${sha256}`, signal));
}

export function readAccessMap(container: Container): AccessMap {
  const quality = arrayOf(container, "quality_mm", "float32").values;
  const reasons = arrayOf(container, "reasons", "uint8").values;
  const names = Array.isArray(container.facts.reason_names) ? (container.facts.reason_names as string[]) : [];
  const counts = new Map<number, number>();
  let reachable = 0;
  quality.forEach((slack, n) => {
    if (slack >= 0) reachable++;
    else counts.set(reasons[n] ?? 255, (counts.get(reasons[n] ?? 255) ?? 0) + 1);
  });
  const blocked = Math.max(1, quality.length - reachable);
  const blocks = [...counts]
    .sort((a, b) => b[1] - a[1])
    .map(([reason, count]) => ({ reason: names[reason] ?? String(reason), share: count / blocked }));
  return { container, all: quality.length, reachable, blocks };
}
