/** Calls its work once in the next animation frame, however often it was asked for. */
export class FrameLoop {
  private pending = 0;

  constructor(private readonly work: () => void) {}

  request(): void {
    this.pending ||= requestAnimationFrame(() => {
      this.pending = 0;
      this.work();
    });
  }

  cancel(): void {
    cancelAnimationFrame(this.pending);
    this.pending = 0;
  }
}
