import { HubError, readProblem, unreachable } from "./problem";

export interface SendOptions {
  body?: unknown;
  /** Bytes sent as they are, instead of a JSON body. */
  bytes?: Blob | ArrayBuffer | Uint8Array<ArrayBuffer>;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** Calls the hub: JSON in, JSON out, every failure a `HubError`. */
export class HubClient {
  constructor(
    private readonly send: (request: Request) => Promise<Response>,
    private readonly origin: string,
  ) {}

  get<T>(path: string, options?: SendOptions): Promise<T> {
    return this.call<T>("GET", path, options);
  }

  post<T>(path: string, body?: unknown, options?: SendOptions): Promise<T> {
    return this.call<T>("POST", path, { ...options, body });
  }

  async call<T>(method: Method, path: string, options: SendOptions = {}): Promise<T> {
    const response = await this.respond(method, path, options);
    if (response.status === 204 || response.headers.get("content-length") === "0") return undefined as T;
    return (await response.json()) as T;
  }

  /** The response itself, for pictures, masks and files. */
  async respond(method: Method, path: string, options: SendOptions = {}): Promise<Response> {
    const { body, bytes, headers, signal } = options;
    const hasJson = body !== undefined;
    const request = new Request(new URL(path, this.origin), {
      method,
      credentials: "same-origin",
      headers: {
        Accept: "application/json, application/problem+json, */*;q=0.5",
        ...(hasJson ? { "Content-Type": "application/json" } : {}),
        ...(bytes ? { "Content-Type": "application/octet-stream" } : {}),
        ...headers,
      },
      ...(hasJson ? { body: JSON.stringify(body) } : bytes ? { body: bytes } : {}),
      ...(signal ? { signal } : {}),
    });
    const response = await this.send(request).catch((error: unknown) => {
      if (error instanceof TypeError) throw new HubError(unreachable());
      throw error;
    });
    if (!response.ok) throw new HubError(await readProblem(response));
    return response;
  }
}
