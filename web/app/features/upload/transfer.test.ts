import { HubError, type Job, type Upload, unreachable } from "@teleneedle/protocol";
import { describe, expect, it } from "vitest";
import { type ChosenFile, worthSending } from "./chosenFiles";
import { Transfer, type TransferState, type UploadPort } from "./transfer";

const blob = (size: number, fill = 7) => new Blob([new Uint8Array(size).fill(fill)]);

/** A hub in memory that keeps what it received, and loses connections on demand. */
class MemoryHub implements UploadPort {
  stored: Uint8Array[] = [];
  uploads = 0;
  puts = 0;
  cancelled = false;
  #sizes: { path: string; size: number }[] = [];

  constructor(
    private readonly breaks: (put: number) => "none" | "before" | "after" | HubError = () => "none",
  ) {}

  async create(files: { path: string; size: number }[]): Promise<Upload> {
    this.uploads += 1;
    this.#sizes = files;
    this.stored = files.map(() => new Uint8Array());
    return this.read();
  }
  async read(): Promise<Upload> {
    const files = this.#sizes.map((file, n) => ({ ...file, received: this.stored[n]?.length ?? 0 }));
    return { id: "u1", part_bytes: 10, files, state: "open" };
  }
  async put(_id: string, index: number, offset: number, bytes: Blob): Promise<{ received: number }> {
    this.puts += 1;
    const how = this.breaks(this.puts);
    if (how instanceof HubError) throw how;
    if (how === "before") throw new HubError(unreachable());
    const before = this.stored[index] ?? new Uint8Array();
    if (offset !== before.length) {
      const title = { zh: "偏移有误", en: "wrong offset" };
      throw new HubError({
        type: "urn:teleneedle:problem:offset",
        title,
        status: 409,
        received: before.length,
      });
    }
    this.stored[index] = new Uint8Array([...before, ...new Uint8Array(await bytes.arrayBuffer())]);
    if (how === "after") throw new HubError(unreachable());
    return { received: this.stored[index]?.length ?? 0 };
  }
  async complete(): Promise<Job> {
    return { id: "job1", state: "queued" } as Job;
  }
  async cancel(): Promise<void> {
    this.cancelled = true;
  }
}

async function run(hub: MemoryHub, files: ChosenFile[], earlierId: string | null = null) {
  const states: TransferState[] = [];
  const transfer = new Transfer({
    port: hub,
    files,
    earlierId,
    lanes: 2,
    wait: async () => undefined,
    onState: (state) => states.push(state),
  });
  await transfer.run();
  return states;
}

describe("Transfer", () => {
  it("sends every byte of every file in parts", async () => {
    const hub = new MemoryHub();
    const states = await run(hub, [
      { path: "a", file: blob(25, 1) },
      { path: "b", file: blob(10, 2) },
    ]);
    expect(hub.stored.map((bytes) => [bytes.length, bytes[0]])).toEqual([
      [25, 1],
      [10, 2],
    ]);
    expect(hub.puts).toBe(4);
    expect(states.at(-1)).toEqual({ phase: "importing", jobId: "job1" });
  });

  it("goes on after a cut line, whether the part arrived or not", async () => {
    const hub = new MemoryHub((put) => (put === 2 ? "before" : put === 4 ? "after" : "none"));
    const states = await run(hub, [{ path: "a", file: blob(45) }]);
    expect(hub.stored[0]?.length).toBe(45);
    expect(states.some(({ phase }) => phase === "waiting")).toBe(true);
    expect(states.at(-1)?.phase).toBe("importing");
  });

  it("takes up an interrupted upload of the same files", async () => {
    const hub = new MemoryHub();
    await hub.create([{ path: "a", size: 30 }]);
    await hub.put("u1", 0, 0, blob(20));
    const states = await run(hub, [{ path: "a", file: blob(30) }], "u1");
    expect(hub.uploads).toBe(1);
    expect(hub.puts).toBe(2);
    expect(states).toContainEqual({ phase: "sending", sent: 20, total: 30, isResumed: true });
  });

  it("stops at a refusal and keeps its reason", async () => {
    const title = { zh: "空间不足", en: "no space" };
    const refusal = new HubError({ type: "urn:teleneedle:problem:too-large", title, status: 413 });
    const states = await run(new MemoryHub(() => refusal), [{ path: "a", file: blob(5) }]);
    expect(states.at(-1)).toEqual({ phase: "failed", error: refusal, sent: 0, total: 5 });
  });

  it("can be cancelled while it waits for the line", async () => {
    const hub = new MemoryHub(() => "before");
    const states: TransferState[] = [];
    const transfer: Transfer = new Transfer({
      port: hub,
      files: [{ path: "a", file: blob(5) }],
      onState: (state) => states.push(state),
      wait: () => transfer.cancel(),
    });
    await transfer.run();
    expect(states.at(-1)).toEqual({ phase: "cancelled" });
    expect(hub.cancelled).toBe(true);
  });
});

describe("worthSending", () => {
  it("leaves out hidden, empty and system files", () => {
    const paths = ["ct/2.dcm", "ct/.DS_Store", "__MACOSX/ct/1.dcm", "ct/Thumbs.db", "ct/1.dcm"];
    const files = [
      ...paths.map((path) => ({ path, file: blob(3) })),
      { path: "ct/empty.dcm", file: blob(0) },
    ];
    expect(worthSending(files).map(({ path }) => path)).toEqual(["ct/1.dcm", "ct/2.dcm"]);
  });
});
