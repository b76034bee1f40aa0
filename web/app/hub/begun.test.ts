import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { begin, beginAndRead, forgetBegun, takeBegun } from "./begun";

const HUB = "http://hub.test";
const ask = (path: string, method = "GET") => new Request(`${HUB}${path}`, { method });
const answers: Record<string, () => Promise<Response>> = {
  "/api/case": async () => Response.json({ seq: 7 }),
  "/api/case?level=2": async () => Response.json({ level: 2 }),
  "/api/refused": async () => new Response("", { status: 401 }),
  "/api/cut": () => Promise.reject(new TypeError("the line is cut")),
};

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("fetch", (path: string) => (answers[path] as () => Promise<Response>)());
});
afterEach(() => {
  forgetBegun();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

it("hands an answer over once, also when it was read before", async () => {
  expect(await beginAndRead("/api/case")).toEqual({ seq: 7 });
  const taken = await takeBegun(ask("/api/case"));
  expect(await taken?.json()).toEqual({ seq: 7 });
  expect(await takeBegun(ask("/api/case"))).toBeUndefined();
});

it("keeps to the whole address and to reading", async () => {
  await begin("/api/case?level=2");
  expect(await takeBegun(ask("/api/case"))).toBeUndefined();
  expect(await takeBegun(ask("/api/case?level=2", "POST"))).toBeUndefined();
  expect(await (await takeBegun(ask("/api/case?level=2")))?.json()).toEqual({ level: 2 });
});

it("hands over neither a refusal nor a cut line: the app asks itself and says what is wrong", async () => {
  expect(await beginAndRead("/api/refused")).toBeUndefined();
  expect(await takeBegun(ask("/api/refused"))).toBeUndefined();
  expect(await beginAndRead("/api/cut")).toBeUndefined();
  await expect(begin("/api/cut")).rejects.toThrow("cut");
  expect(await takeBegun(ask("/api/cut"))).toBeUndefined();
});

it("forgets what nobody came for, and everything when somebody signs out", async () => {
  await begin("/api/case");
  await vi.advanceTimersByTimeAsync(6000);
  expect(await takeBegun(ask("/api/case"))).toBeUndefined();
  await begin("/api/case");
  forgetBegun();
  expect(await takeBegun(ask("/api/case"))).toBeUndefined();
});
