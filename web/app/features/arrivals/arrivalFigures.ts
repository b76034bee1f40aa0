import type { Arrival, LayerAmount, LayerName } from "@teleneedle/protocol";

const LAYERS: readonly LayerName[] = ["1", "2", "3", "4"];

export interface LayerBar extends LayerAmount {
  readonly layer: LayerName;
  readonly fraction: number;
}

/** The layers that this series has, coarse first. */
export function layerBars({ layers }: Pick<Arrival, "layers">): LayerBar[] {
  return LAYERS.flatMap((layer) => {
    const amount = layers[layer];
    if (!amount || amount.of <= 0) return [];
    return [{ layer, ...amount, fraction: Math.min(1, amount.have / amount.of) }];
  });
}

/** Bytes that are here, of those that were announced. */
export const bytesOf = (arrival: Pick<Arrival, "layers">): LayerAmount =>
  layerBars(arrival).reduce((sum, { have, of }) => ({ have: sum.have + have, of: sum.of + of }), {
    have: 0,
    of: 0,
  });

/** Seconds until everything that was announced is here; null where nothing moves. */
export function secondsLeft(arrival: Pick<Arrival, "layers" | "bytes_per_s">): number | null {
  const { have, of } = bytesOf(arrival);
  const { bytes_per_s } = arrival;
  return bytes_per_s && of > have ? (of - have) / bytes_per_s : null;
}

/** Whether the two say the same; null where one of them says nothing. Signs and spaces between letters do not count. */
export function agrees(a: string, b: string): boolean | null {
  const letters = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
  if (!a.trim() || !b.trim()) return null;
  return letters(a) === letters(b);
}
