import type { Kind, RuleBody, StationBody } from "./stationQueries";

export const KINDS = [
  "series",
  "segmentation",
  "structure-set",
  "plan-document",
] as const satisfies readonly Kind[];

/** A SHA-256 as `openssl x509 -fingerprint` prints it, or as plain digits: 64 small hexadecimal digits. */
export const fingerprintOf = (typed: string): string =>
  typed.replace(/^.*=/, "").replace(/[:\s]/g, "").toLowerCase();

const typedIn = (form: FormData, name: string) => String(form.get(name) ?? "").trim();

/** What the form of a station says; no site ticked stands for none, every site for null. */
export const stationOf = (form: FormData): StationBody => ({
  ae_title: typedIn(form, "ae_title"),
  site_id: typedIn(form, "site_id"),
  host: typedIn(form, "host"),
  port: Number(form.get("port")),
  uses_tls: form.has("uses_tls"),
  certificate_sha256: fingerprintOf(typedIn(form, "certificate_sha256")),
  sees: form.get("scope") === "all" ? null : form.getAll("sees").map(String),
  is_active: form.get("state") !== "inactive",
});

/** What the form of a rule says; site and modality empty for any. */
export const ruleOf = (form: FormData): RuleBody => ({
  station_id: typedIn(form, "station_id"),
  site_id: typedIn(form, "site_id"),
  modality: typedIn(form, "modality").toUpperCase(),
  kinds: KINDS.filter((kind) => form.getAll("kinds").includes(kind)),
});
