const PAUSE_MS = 250;

/** Tells the hub which slice is looked at: the newest one, at most four times a second. */
export class FocusTeller {
  private told = -1;
  private next: number | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly send: (k: number) => Promise<unknown>) {}

  look(k: number): void {
    this.next = k;
    if (this.timer === undefined) this.tell();
  }

  private tell(): void {
    const k = this.next;
    this.next = null;
    if (k === null || k === this.told) {
      this.timer = undefined;
      return;
    }
    this.told = k;
    this.timer = setTimeout(() => this.tell(), PAUSE_MS);
    // What is told is a wish: where the hub does not hear it, slices come in their own order.
    this.send(k).catch(() => undefined);
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.next = null;
  }
}
