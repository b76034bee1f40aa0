import type { ChosenFile } from "./chosenFiles";

/* Which upload of a case was interrupted, so that choosing the same files again goes on with it. */

const keyOf = (caseId: string) => `teleneedle.upload.${caseId}`;

const manifest = (files: readonly ChosenFile[]) =>
  files.map(({ path, file }) => `${path}:${file.size}`).join("|");

function fingerprint(files: readonly ChosenFile[]): string {
  let hash = 0x811c9dc5;
  for (const char of manifest(files)) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
  return `${files.length}-${(hash >>> 0).toString(16)}`;
}

export function findInterrupted(caseId: string, files: readonly ChosenFile[]): string | null {
  const [id, print] = localStorage.getItem(keyOf(caseId))?.split(" ") ?? [];
  return id && print === fingerprint(files) ? id : null;
}

export function rememberUpload(caseId: string, id: string, files: readonly ChosenFile[]): void {
  localStorage.setItem(keyOf(caseId), `${id} ${fingerprint(files)}`);
}

export function forgetUpload(caseId: string): void {
  localStorage.removeItem(keyOf(caseId));
}
