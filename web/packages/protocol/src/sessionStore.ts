import type { Session } from "./hub";
import type { SessionKeeper } from "./sessionFetch";

export type SessionState =
  | { kind: "unknown" }
  | { kind: "out" }
  | { kind: "in"; session: Session }
  /** The session ended while somebody worked; requests wait. */
  | { kind: "expired"; session: Session };

/** Who is signed in, for the whole page, and the requests that wait for a sign-in. */
export class SessionStore implements SessionKeeper {
  #state: SessionState = { kind: "unknown" };
  #waiting: { promise: Promise<void>; resolve: () => void; reject: (reason: Error) => void } | null = null;
  readonly #listeners = new Set<() => void>();

  constructor(private readonly read: () => Promise<Session | null>) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly getState = (): SessionState => this.#state;

  csrfToken(): string | null {
    return "session" in this.#state ? this.#state.session.csrf_token : null;
  }

  async renew(): Promise<void> {
    const session = await this.read();
    if (session) this.enter(session);
    else if (this.#state.kind !== "expired") this.#set({ kind: "out" });
  }

  /** Takes a fresh session; waiting requests go on only if it is the same person. */
  enter(session: Session): void {
    const before = this.#state;
    const isSamePerson = before.kind !== "expired" || before.session.person.id === session.person.id;
    this.#set({ kind: "in", session });
    if (isSamePerson) this.#waiting?.resolve();
    else this.#waiting?.reject(new Error("another person signed in"));
    this.#waiting = null;
  }

  leave(): void {
    this.#waiting?.reject(new Error("signed out"));
    this.#waiting = null;
    this.#set({ kind: "out" });
  }

  signInAgain(): Promise<void> {
    if (this.#state.kind === "out") return Promise.reject(new Error("signed out"));
    if (this.#state.kind === "in") this.#set({ kind: "expired", session: this.#state.session });
    if (!this.#waiting) this.#waiting = deferred();
    return this.#waiting.promise;
  }

  #set(state: SessionState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}

function deferred() {
  let resolve!: () => void;
  let reject!: (reason: Error) => void;
  const promise = new Promise<void>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
