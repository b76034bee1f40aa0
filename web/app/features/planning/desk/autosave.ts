import type { Draft } from "./draft";

/** What is kept in this browser while a plan is edited and not yet saved; it names nobody. */
export interface KeptDraft extends Draft {
  readonly baseSha256: string;
  readonly keptAt: string;
}

const keyOf = (caseId: string, personId: string) => `teleneedle.draft.${caseId}.${personId}`;

export function keepDraft(caseId: string, personId: string, draft: KeptDraft): void {
  localStorage.setItem(keyOf(caseId, personId), JSON.stringify(draft));
}

export function dropDraft(caseId: string, personId: string): void {
  localStorage.removeItem(keyOf(caseId, personId));
}

/** The draft that was kept, or null when there is none or it cannot be read. */
export function readDraft(caseId: string, personId: string): KeptDraft | null {
  const stored = localStorage.getItem(keyOf(caseId, personId));
  if (!stored) return null;
  try {
    const kept = JSON.parse(stored) as KeptDraft;
    const isWhole =
      typeof kept.baseSha256 === "string" && Array.isArray(kept.needles) && Array.isArray(kept.applications);
    return isWhole ? kept : null;
  } catch {
    return null;
  }
}
