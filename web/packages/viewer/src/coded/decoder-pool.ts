import { type CodedPicture, CodeStreamError, type SlicePixels } from "./decode-slice";
import type { DecodeAnswer, DecodeTask } from "./decode-worker";

type Wanted = Omit<DecodeTask, "id">;
interface Waiting {
  readonly task: DecodeTask;
  readonly done: (pixels: SlicePixels) => void;
  readonly failed: (problem: Error) => void;
}

/** How many decode side by side: one processor stays with the page. */
export const poolSize = (processors = navigator.hardwareConcurrency || 2): number =>
  Math.max(1, Math.min(4, processors - 1));

/** Decodes code streams off the page's thread, in the order in which they are asked for. */
export class DecoderPool {
  private readonly workers: Worker[] = [];
  private readonly idle: Worker[] = [];
  private readonly queue: Waiting[] = [];
  private readonly running = new Map<Worker, Waiting>();
  private lastId = 0;

  constructor(private readonly most = poolSize()) {}

  /** Pixels of a picture, at its own size or at that of the whole slice. */
  decode(picture: CodedPicture, isEnlarged: boolean): Promise<SlicePixels> {
    const enlargeTo = isEnlarged ? picture.size : null;
    return this.ask({ picture, pixels: null, skip: picture.skip, enlargeTo });
  }

  /** A picture that was decoded before, at the size of the whole slice. */
  enlarge(pixels: SlicePixels, skip: number, enlargeTo: readonly [number, number]): Promise<SlicePixels> {
    return this.ask({ picture: null, pixels, skip, enlargeTo });
  }

  /** Fetch the decoder while pictures are still on their way. */
  warmUp(): void {
    const worker = this.workers.length === 0 ? this.started() : undefined;
    if (!worker) return;
    this.idle.push(worker);
    worker.postMessage(null);
  }

  private ask(wanted: Wanted): Promise<SlicePixels> {
    return new Promise((done, failed) => {
      this.queue.push({ task: { ...wanted, id: ++this.lastId }, done, failed });
      this.next();
    });
  }

  private next(): void {
    const worker = this.queue.length > 0 ? (this.idle.pop() ?? this.started()) : undefined;
    const waiting = worker && this.queue.shift();
    if (!worker || !waiting) return;
    this.running.set(worker, waiting);
    worker.postMessage(waiting.task);
  }

  private started(): Worker | undefined {
    if (this.workers.length >= this.most) return undefined;
    const worker = new Worker(new URL("./decode-worker.ts", import.meta.url), { type: "module" });
    worker.addEventListener("message", ({ data }: MessageEvent<DecodeAnswer>) => this.answered(worker, data));
    worker.addEventListener("error", (event) => this.broken(worker, event.message));
    this.workers.push(worker);
    return worker;
  }

  private answered(worker: Worker, answer: DecodeAnswer): void {
    const waiting = this.running.get(worker);
    this.running.delete(worker);
    this.idle.push(worker);
    if ("pixels" in answer) waiting?.done(answer.pixels);
    else waiting?.failed(new CodeStreamError(answer.problem));
    this.next();
  }

  /** A worker that could not be started or has died: its picture fails, another one may take its place. */
  private broken(worker: Worker, why: string): void {
    const waiting = this.running.get(worker);
    this.running.delete(worker);
    this.workers.splice(this.workers.indexOf(worker), 1);
    worker.terminate();
    waiting?.failed(new CodeStreamError(why || "the decoder could not be started"));
    this.next();
  }

  dispose(): void {
    for (const worker of this.workers) worker.terminate();
    for (const { failed } of [...this.queue, ...this.running.values()])
      failed(new CodeStreamError("the decoder was stopped"));
    this.workers.length = this.idle.length = this.queue.length = 0;
    this.running.clear();
  }
}
