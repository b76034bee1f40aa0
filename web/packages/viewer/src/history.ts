/** What an edit is: `kind` chooses who applies it, `bytes` is what keeping it costs. */
export interface Delta {
  readonly kind: string;
  readonly bytes?: number;
}

export type Direction = "undo" | "redo";
type Appliers<D extends Delta> = {
  [K in D["kind"]]: (delta: Extract<D, { kind: K }>, direction: Direction) => void;
};

/** One stack of undo and redo over every kind of edit. The oldest go when their cost exceeds the limit. */
export class History<D extends Delta> {
  private done: D[] = [];
  private undone: D[] = [];
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly appliers: Appliers<D>,
    private readonly mostBytes = 64e6,
  ) {}

  get canUndo(): boolean {
    return this.done.length > 0;
  }

  get canRedo(): boolean {
    return this.undone.length > 0;
  }

  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Remember an edit that has been made. */
  push(delta: D): void {
    this.done.push(delta);
    this.undone = [];
    let cost = this.done.reduce((sum, d) => sum + (d.bytes ?? 100), 0);
    while (cost > this.mostBytes && this.done.length > 1) cost -= this.done.shift()?.bytes ?? 100;
    this.tell();
  }

  undo(): boolean {
    return this.turn(this.done, this.undone, "undo");
  }

  redo(): boolean {
    return this.turn(this.undone, this.done, "redo");
  }

  clear(): void {
    this.done = [];
    this.undone = [];
    this.tell();
  }

  private turn(from: D[], to: D[], direction: Direction): boolean {
    const delta = from.pop();
    if (!delta) return false;
    const apply = this.appliers[delta.kind as D["kind"]] as (delta: D, direction: Direction) => void;
    apply(delta, direction);
    to.push(delta);
    this.tell();
    return true;
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}
