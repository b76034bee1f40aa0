import { describe, expect, it } from "vitest";
import type { Session } from "./hub";
import { createSessionFetch } from "./sessionFetch";
import { SessionStore } from "./sessionStore";

const session = (id: string, token: string): Session => ({
  person: { id, name: id, email: `${id}@example.org`, locale: "zh" },
  memberships: [],
  csrf_token: token,
  expires_at: "2030-01-01T00:00:00Z",
});

/** A hub that knows one valid token and remembers what reached it. */
function fakeHub(validToken: () => string | null, store: SessionStore) {
  const reached: { body: string; token: string | null }[] = [];
  const send = createSessionFetch(store, async (request) => {
    const token = request.headers.get("X-CSRF-Token");
    if (validToken() === null) return new Response("{}", { status: 401 });
    if (request.method !== "GET" && token !== validToken())
      return Response.json({ title: { zh: "", en: "" }, type: "x", where: "X-CSRF-Token" }, { status: 403 });
    reached.push({ body: await request.text(), token });
    return Response.json({ ok: true });
  });
  return { reached, send };
}

const edit = () => new Request("http://hub/api/cases/1/events", { method: "POST", body: "my edit" });

describe("a request whose session has ended", () => {
  it("waits for the same person and is then sent once, with the body and the new token", async () => {
    let valid: string | null = null;
    const store = new SessionStore(async () => null);
    store.enter(session("a", "old"));
    const hub = fakeHub(() => valid, store);
    const answers = Promise.all([hub.send(edit()), hub.send(edit())]);
    await expect.poll(() => store.getState().kind).toBe("expired");
    expect(hub.reached).toEqual([]);
    valid = "new";
    store.enter(session("a", "new"));
    expect((await answers).map(({ status }) => status)).toEqual([200, 200]);
    expect(hub.reached).toEqual([
      { body: "my edit", token: "new" },
      { body: "my edit", token: "new" },
    ]);
  });

  it("is never sent in another person's name", async () => {
    const store = new SessionStore(async () => null);
    store.enter(session("a", "old"));
    const hub = fakeHub(() => null, store);
    const answer = hub.send(edit());
    await expect.poll(() => store.getState().kind).toBe("expired");
    store.enter(session("b", "new"));
    await expect(answer).rejects.toThrow("another person");
    expect(hub.reached).toEqual([]);
  });

  it("is given up when the person leaves", async () => {
    const store = new SessionStore(async () => null);
    store.enter(session("a", "old"));
    const answer = fakeHub(() => null, store).send(edit());
    await expect.poll(() => store.getState().kind).toBe("expired");
    store.leave();
    await expect(answer).rejects.toThrow("signed out");
    expect(store.getState().kind).toBe("out");
  });
});

describe("a token that another tab has replaced", () => {
  it("is renewed, and the request goes through", async () => {
    const store = new SessionStore(async () => session("a", "new"));
    store.enter(session("a", "old"));
    const hub = fakeHub(() => "new", store);
    expect((await hub.send(edit())).status).toBe(200);
    expect(hub.reached).toEqual([{ body: "my edit", token: "new" }]);
  });
});

describe("the sign-in itself", () => {
  it("answers a wrong password at once instead of waiting", async () => {
    const store = new SessionStore(async () => null);
    const hub = fakeHub(() => null, store);
    const request = new Request("http://hub/api/session", { method: "POST", body: "{}" });
    expect((await hub.send(request)).status).toBe(401);
  });
});
