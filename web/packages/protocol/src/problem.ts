import type { Bilingual } from "./words";

/** RFC 9457 problem document as the hub writes it. */
export interface Problem {
  type: string;
  title: Bilingual;
  status: number;
  detail?: string | Bilingual | null;
  where?: string | Bilingual | null;
  remedy?: string | Bilingual | null;
  /** The same in Chinese, where the hub knows it. */
  detail_zh?: string;
  where_zh?: string;
  remedy_zh?: string;
  /** What a conflict carries: what others did since, or the current state. */
  [extension: string]: unknown;
}

/** A part of a problem in both languages, as far as the hub says it in both. */
export function bothLanguages(
  problem: Problem,
  part: "detail" | "where" | "remedy",
): Bilingual | string | null {
  const said = problem[part] ?? null;
  const chinese = problem[`${part}_zh`];
  return typeof said === "string" && chinese ? { zh: chinese, en: said } : said;
}

const PREFIX = "urn:teleneedle:problem:";

/** An answer of the hub that is not a success, or no answer at all (`status` 0). */
export class HubError extends Error {
  override name = "HubError";
  constructor(readonly problem: Problem) {
    super(`${problem.status} ${problem.title.en}`);
  }

  get status(): number {
    return this.problem.status;
  }

  get code(): string {
    return this.problem.type.startsWith(PREFIX) ? this.problem.type.slice(PREFIX.length) : this.problem.type;
  }

  /** Somebody else was faster: nothing was lost, and nothing was written. */
  get isConflict(): boolean {
    return this.status === 409 || this.status === 412;
  }
}

export function unreachable(): Problem {
  return {
    type: `${PREFIX}hub-unreachable`,
    title: { zh: "无法连接中心服务器", en: "The hub cannot be reached" },
    status: 0,
    remedy: {
      zh: "检查网络后重试，已填写的内容仍在本页",
      en: "Check the network and try again; what you entered is still on this page",
    },
  };
}

function isBilingual(value: unknown): value is Bilingual {
  return typeof value === "object" && value !== null && "zh" in value && "en" in value;
}

/** The problem in a response; a bare status gets a title of its own, so that nothing is shown empty. */
export async function readProblem(response: Response): Promise<Problem> {
  const body: unknown = await response.json().catch(() => null);
  if (typeof body === "object" && body !== null && "title" in body) {
    const known = body as Problem & { title: unknown };
    const title = isBilingual(known.title)
      ? known.title
      : { zh: String(known.title), en: String(known.title) };
    return { ...known, type: known.type ?? "about:blank", title, status: response.status };
  }
  return {
    type: "about:blank",
    title: { zh: `服务器返回 ${response.status}`, en: `The hub answered ${response.status}` },
    status: response.status,
  };
}
