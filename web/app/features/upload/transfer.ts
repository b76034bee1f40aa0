import { HubError, type Job, type Upload } from "@teleneedle/protocol";
import type { ChosenFile } from "./chosenFiles";

/** How the hub is to read what was sent. */
export interface Completion {
  /** Which of several series, as the reader named it. */
  series?: string;
  /** A person compared the patient in the images with that of the case. */
  confirm_identity?: boolean;
}

/** What a transfer needs of the hub. */
export interface UploadPort {
  create(files: { path: string; size: number }[]): Promise<Upload>;
  read(id: string): Promise<Upload>;
  put(
    id: string,
    index: number,
    offset: number,
    bytes: Blob,
    signal: AbortSignal,
  ): Promise<{ received: number }>;
  complete(id: string, completion: Completion): Promise<Job>;
  cancel(id: string): Promise<void>;
}

export type TransferState =
  | { phase: "creating" }
  | { phase: "sending"; sent: number; total: number; isResumed: boolean }
  | { phase: "waiting"; sent: number; total: number; seconds: number }
  | { phase: "completing"; total: number }
  | { phase: "importing"; jobId: string }
  | { phase: "failed"; error: unknown; sent: number; total: number }
  | { phase: "cancelled" };

interface TransferOptions {
  port: UploadPort;
  files: readonly ChosenFile[];
  onState: (state: TransferState) => void;
  /** An upload of the same files that was interrupted. */
  earlierId?: string | null;
  onCreated?: (id: string) => void;
  wait?: (ms: number, signal: AbortSignal) => Promise<void>;
  lanes?: number;
}

const LONGEST_WAIT_S = 30;

/**
 * Sends files in parts, several at once.
 *
 * The hub counts what it has received. A part that got lost is sent again from there, so a cut line costs a part
 * and a closed page costs nothing that was acknowledged.
 */
export class Transfer {
  readonly #abort = new AbortController();
  readonly #total: number;
  #received: number[] = [];
  #id: string | null = null;
  #isResumed = false;

  constructor(private readonly options: TransferOptions) {
    this.#total = options.files.reduce((sum, { file }) => sum + file.size, 0);
  }

  async run(): Promise<void> {
    const { port, onState } = this.options;
    try {
      onState({ phase: "creating" });
      const upload = await this.#open();
      await this.#sendAll(upload);
      onState({ phase: "completing", total: this.#total });
      const job = await this.#patiently(() => port.complete(upload.id, {}));
      onState({ phase: "importing", jobId: job.id });
    } catch (error) {
      this.#tellFailure(error);
    }
  }

  /** Reads what is already there once more, after the person has answered what the hub asked. */
  async readAgain(completion: Completion): Promise<void> {
    const id = this.#id;
    if (!id) return;
    try {
      const job = await this.#patiently(() => this.options.port.complete(id, completion));
      this.options.onState({ phase: "importing", jobId: job.id });
    } catch (error) {
      this.#tellFailure(error);
    }
  }

  #tellFailure(error: unknown): void {
    const { onState } = this.options;
    if (this.#abort.signal.aborted) onState({ phase: "cancelled" });
    else onState({ phase: "failed", error, sent: this.#sent, total: this.#total });
  }

  async cancel(): Promise<void> {
    this.#abort.abort();
    if (this.#id) await this.options.port.cancel(this.#id).catch(() => undefined);
  }

  get #sent(): number {
    return this.#received.reduce((sum, count) => sum + count, 0);
  }

  async #open(): Promise<Upload> {
    const { port, files, earlierId, onCreated } = this.options;
    const earlier = earlierId ? await port.read(earlierId).catch(() => null) : null;
    this.#isResumed =
      earlier?.files.length === files.length && earlier.files.some(({ received }) => received > 0);
    const isUsable = earlier !== null && earlier.files.length === files.length && earlier.state === "open";
    const upload =
      isUsable && earlier
        ? earlier
        : await this.#patiently(() =>
            port.create(files.map(({ path, file }) => ({ path, size: file.size }))),
          );
    if (!isUsable) this.#isResumed = false;
    this.#id = upload.id;
    this.#received = upload.files.map(({ received }) => received);
    onCreated?.(upload.id);
    return upload;
  }

  async #sendAll(upload: Upload): Promise<void> {
    this.#tellSending();
    let next = 0;
    const lane = async () => {
      while (next < upload.files.length) await this.#sendFile(upload, next++);
    };
    await Promise.all(Array.from({ length: this.options.lanes ?? 4 }, lane));
  }

  async #sendFile(upload: Upload, index: number): Promise<void> {
    const { port, files } = this.options;
    const file = files[index]?.file;
    if (!file) return;
    while ((this.#received[index] ?? 0) < file.size) {
      const { received } = await this.#patiently(async () => {
        const offset = this.#received[index] ?? 0;
        const part = file.slice(offset, offset + upload.part_bytes);
        try {
          return await port.put(upload.id, index, offset, part, this.#abort.signal);
        } catch (error) {
          const right = rightOffset(error);
          if (right === null) throw error;
          return { received: right };
        }
      });
      this.#received[index] = received;
      this.#tellSending();
    }
  }

  #tellSending(): void {
    this.options.onState({
      phase: "sending",
      sent: this.#sent,
      total: this.#total,
      isResumed: this.#isResumed,
    });
  }

  /** Repeats what failed for want of a connection, with longer and longer pauses, until it is cancelled. */
  async #patiently<T>(attempt: () => Promise<T>): Promise<T> {
    const { wait = pause, onState } = this.options;
    for (let tries = 0; ; tries += 1) {
      this.#abort.signal.throwIfAborted();
      try {
        return await attempt();
      } catch (error) {
        if (this.#abort.signal.aborted || !isPassing(error)) throw error;
        const seconds = Math.min(LONGEST_WAIT_S, 2 ** tries);
        onState({ phase: "waiting", sent: this.#sent, total: this.#total, seconds });
        await wait(seconds * 1000, this.#abort.signal);
      }
    }
  }
}

/** Whether the same request may succeed later: no connection, a busy or a restarting hub. */
export function isPassing(error: unknown): boolean {
  return error instanceof HubError && (error.status === 0 || error.status === 429 || error.status >= 502);
}

/** Where the hub wants to go on, when it says that an offset was wrong. */
export function rightOffset(error: unknown): number | null {
  if (!(error instanceof HubError) || error.status !== 409) return null;
  const { received } = error.problem;
  return typeof received === "number" ? received : null;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
