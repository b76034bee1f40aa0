import { readProblem } from "./problem";

/** What the fetch needs to know about who is signed in. */
export interface SessionKeeper {
  csrfToken(): string | null;
  /** Resolves when the same person is signed in again; rejects when they leave instead. */
  signInAgain(): Promise<void>;
  /** Reads the session anew, after another tab renewed it. */
  renew(): Promise<void>;
}

const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);

function isAboutSession(request: Request): boolean {
  const { pathname } = new URL(request.url);
  return pathname === "/api/session" || pathname === "/api/setup" || pathname.startsWith("/api/session/");
}

/**
 * A fetch that never loses an edit to an expired session.
 *
 * A request answered 401 waits until the same person has signed in again and is then sent once more, body included.
 * A token that another tab has replaced is renewed and the request repeated once.
 */
export function createSessionFetch(
  keeper: SessionKeeper,
  send: (request: Request) => Promise<Response> = (request) => fetch(request),
): (request: Request) => Promise<Response> {
  const attempt = (request: Request): Promise<Response> => {
    const copy = request.clone();
    const token = keeper.csrfToken();
    if (!SAFE.has(copy.method) && token) copy.headers.set("X-CSRF-Token", token);
    return send(copy);
  };
  return async (request) => {
    let response = await attempt(request);
    if (isAboutSession(request)) return response;
    if (response.status === 403 && !SAFE.has(request.method) && (await isTokenRefused(response))) {
      await keeper.renew();
      response = await attempt(request);
    }
    while (response.status === 401) {
      await keeper.signInAgain();
      response = await attempt(request);
    }
    return response;
  };
}

async function isTokenRefused(response: Response): Promise<boolean> {
  const { where } = await readProblem(response.clone());
  return where === "X-CSRF-Token";
}
