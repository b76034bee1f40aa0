/** Faster than this, whole int16 slices are there sooner than code streams are decoded; bytes a second. */
export const FAST_BYTES_PER_S = 30e6;

/** An answer that took longer to begin has come from far away; ms. */
const FAR_MS = 15;

/** What the browser noted about one answer of the hub. */
export type Noted = Pick<
  PerformanceResourceTiming,
  "transferSize" | "encodedBodySize" | "requestStart" | "responseStart" | "responseEnd"
>;

/** Where it is kept how the line was when it was measured last. */
export type LineMemory = Pick<Storage, "getItem" | "setItem">;

const KEPT = "teleneedle.line";

/** Whether the hub seems far away, so that code streams are likely; a busy hub on a fast line is not far. */
export const isFar = (noted: Noted | undefined, memory: LineMemory = localStorage): boolean =>
  noted !== undefined && memory.getItem(KEPT) !== "fast" && noted.responseStart - noted.requestStart > FAR_MS;

/**
 * Whether code streams are to be preferred after an answer with some of them.
 *
 * An answer from the browser's own cache says nothing of the line: it is taken to be as it was.
 */
export function prefersCodeStreams(noted: Noted | undefined, memory: LineMemory = localStorage): boolean {
  if (!noted || noted.encodedBodySize === 0) return false;
  if (noted.transferSize === 0) return memory.getItem(KEPT) === "slow";
  const seconds = (noted.responseEnd - noted.responseStart) / 1000;
  const isSlow = seconds > 0 && noted.encodedBodySize / seconds < FAST_BYTES_PER_S;
  memory.setItem(KEPT, isSlow ? "slow" : "fast");
  return isSlow;
}
