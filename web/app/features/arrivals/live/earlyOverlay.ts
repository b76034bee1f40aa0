import type { EarlyStructure, EarlyStructures } from "@teleneedle/protocol";
import { Labels, type Mask, MOST_STRUCTURES, type Workspace } from "@teleneedle/viewer";

export type FetchEarlyMask = (kind: string, signal: AbortSignal) => Promise<Mask>;

/** What the overlay needs of the workspace. */
type Pictures = Pick<Workspace, "store" | "setLabels">;

/** The pictures are what one looks at: organs are tinted lightly. */
const FILL = 0.1;
const OUTLINE = 0.9;
/** A mask that did not come is asked for again. */
const AGAIN_MS = 3000;

/** Which kinds a record has that were not known, and which of the known ones it has no more. */
export function changedKinds(
  known: ReadonlySet<string>,
  structures: readonly EarlyStructure[],
): { fresh: EarlyStructure[]; gone: string[] } {
  const told = new Set(structures.map(({ kind }) => kind));
  return {
    fresh: structures.filter(({ kind }) => !known.has(kind)),
    gone: [...known].filter((kind) => !told.has(kind)),
  };
}

interface Drawn {
  readonly id: number;
  readonly stop: AbortController;
}

/**
 * Preliminary organs over the pictures of a series that is still arriving, on a grid of their own.
 *
 * Each mask is fetched once, when its kind is told of first. They are drawn, and nothing else is made of them.
 */
export class EarlyOverlay {
  private readonly drawn = new Map<string, Drawn>();
  private readonly hidden = new Set<string>();
  private labels: Labels | null = null;

  constructor(
    private readonly pictures: Pictures,
    private readonly fetchMask: FetchEarlyMask,
  ) {}

  /** What the hub has found so far; nothing is drawn while it has nothing. */
  take(early: EarlyStructures | null | undefined): void {
    const grid = early?.grid;
    if (!grid) {
      this.clear();
      return;
    }
    if (!this.labels || !isSameGrid(this.labels, grid)) {
      this.clear();
      this.labels = new Labels(grid.shape, grid.affine);
      this.pictures.setLabels(this.labels);
    }
    const { fresh, gone } = changedKinds(new Set(this.drawn.keys()), early.structures);
    for (const kind of gone) this.remove(kind);
    for (const structure of fresh) this.add(structure, this.labels);
  }

  /** Show or hide one; it stays so when it is found again. */
  toggle(kind: string): void {
    if (!this.hidden.delete(kind)) this.hidden.add(kind);
    this.setStructures((all) =>
      all.map((one) => (one.name === kind ? { ...one, visible: !this.hidden.has(kind) } : one)),
    );
  }

  private add(structure: EarlyStructure, labels: Labels): void {
    const taken = new Set([...this.drawn.values()].map(({ id }) => id));
    const id = Array.from({ length: MOST_STRUCTURES }, (_, n) => n + 1).find((n) => !taken.has(n));
    if (id === undefined) return;
    const drawn = { id, stop: new AbortController() };
    this.drawn.set(structure.kind, drawn);
    void this.bring(structure, drawn, labels);
  }

  private async bring({ kind, colour }: EarlyStructure, { id, stop }: Drawn, labels: Labels): Promise<void> {
    const mask = await this.maskOf(kind, stop.signal);
    if (!mask) return;
    const look = { colour: rgb(colour), fill: FILL, outline: OUTLINE, visible: !this.hidden.has(kind) };
    this.setStructures((all) => [...all, { id, name: kind, ...look }]);
    labels.setMask(id, mask);
  }

  /** The mask, however often it has to be asked for; null when it is not wanted any more. */
  private async maskOf(kind: string, signal: AbortSignal): Promise<Mask | null> {
    while (!signal.aborted) {
      try {
        const mask = await this.fetchMask(kind, signal);
        return signal.aborted ? null : mask;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      }
    }
    return null;
  }

  private remove(kind: string): void {
    const drawn = this.drawn.get(kind);
    if (!drawn) return;
    drawn.stop.abort();
    this.drawn.delete(kind);
    this.setStructures((all) => all.filter(({ name }) => name !== kind));
    this.labels?.removeMask(drawn.id);
  }

  private setStructures(change: (all: Structures) => Structures): void {
    const { store } = this.pictures;
    store.setState({ structures: change(store.getState().structures) });
  }

  private clear(): void {
    if (!this.labels) return;
    for (const { stop } of this.drawn.values()) stop.abort();
    this.drawn.clear();
    this.setStructures(() => []);
    this.pictures.setLabels(null);
    this.labels.dispose();
    this.labels = null;
  }

  dispose(): void {
    this.clear();
  }
}

type Structures = ReturnType<Pictures["store"]["getState"]>["structures"];
type Grid = NonNullable<EarlyStructures["grid"]>;

const isSameGrid = (a: Pick<Labels, "shape" | "affine">, b: Grid): boolean =>
  a.shape.every((size, n) => size === b.shape[n]) && a.affine.every((value, n) => value === b.affine[n]);

function rgb(hex: string): [number, number, number] {
  const value = Number.parseInt(hex.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}
