/** How long an answer that nobody came for is kept, ms. */
const KEPT_MS = 5000;
const begun = new Map<string, Promise<Response>>();

/** Ask the hub before the app is there that will want to know; the answer is handed over once. */
export function begin(path: string): Promise<Response> {
  const answer = fetch(path, { credentials: "same-origin" });
  begun.set(path, answer);
  const forget = () => setTimeout(() => begun.delete(path), KEPT_MS);
  answer.then(forget, forget);
  return answer;
}

/** What the hub answered, for whoever must know before the app does; undefined where it refused or is not there. */
export async function beginAndRead<T>(path: string): Promise<T | undefined> {
  const response = await begin(path).catch(() => undefined);
  return response?.ok ? ((await response.clone().json()) as T) : undefined;
}

/** The good answer to a request that was begun before; undefined where there is none, and the second time. */
export async function takeBegun(request: Request): Promise<Response | undefined> {
  const { pathname, search } = new URL(request.url);
  const answer = request.method === "GET" ? begun.get(pathname + search) : undefined;
  if (!answer) return undefined;
  begun.delete(pathname + search);
  const response = await answer.catch(() => undefined);
  return response?.ok ? response : undefined;
}

/** Forget everything, as when somebody signs out. */
export function forgetBegun(): void {
  begun.clear();
}
