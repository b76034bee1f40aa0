import type { Problem } from "./problem";
import type { Bilingual } from "./words";

/* The hub's documents, as docs/reference/hub-api.md describes them. */

export type Role = "expert" | "mdt" | "operator" | "technologist" | "observer" | "admin";
export type SiteKind = "centre" | "hospital";

export interface Membership {
  site_id: string;
  site_name: string;
  site_kind: SiteKind;
  role: Role;
}

export interface Session {
  person: { id: string; name: string; email: string; locale: string };
  memberships: Membership[];
  csrf_token: string;
  expires_at: string;
}

export const CASE_STATES = [
  "referred",
  "imaging",
  "structures",
  "planning",
  "mdt",
  "approved",
  "treated",
  "follow_up",
  "closed",
] as const;
export type CaseState = (typeof CASE_STATES)[number];

export interface Patient {
  id: string;
  name: string;
  sex: string;
  birth_date: string;
}

export type Modality = "mwa" | "rfa" | "seeds";

export interface CaseSummary {
  id: string;
  state: CaseState;
  patient: Patient;
  site: { id: string; name: string };
  modality: Modality;
  indication: string;
  updated_at: string;
  seq: number;
  next_action: Bilingual | null;
}

export interface Actor {
  id: string;
  name: string;
  role?: Role | string;
}

export interface CaseEvent {
  seq: number;
  command_id: string;
  actor: Actor;
  at: string;
  kind: string;
  body: Record<string, unknown>;
  sha256: string;
}

export type Answer = string | number | boolean | null;

export interface Consent {
  signed_on: string;
  document_note: string;
  recorded_by: Actor;
  at: string;
}

export interface SeriesSummary {
  id: string;
  description: string;
  is_primary: boolean;
  sha256: string;
  shape?: [number, number, number];
  study_date?: string;
  warnings?: Bilingual[];
}

export interface StructureState {
  name: string;
  kind: string;
  label: Bilingual;
  colour: string;
  sha256: string;
  version: number;
  volume_ml: number | null;
  engine: string;
  state: "proposed" | "reviewed";
  reviewer: string;
  reviewed_at: string | null;
  review_note?: string;
  gate: string | null;
  reasons: Bilingual[];
}

export interface PlanSummary {
  punctures: number;
  applications: number;
  target_pct: number;
  ptv_pct: number;
  min_margin_mm: number | null;
  nearest_vessel_mm: number | null;
  total_time_s: number;
  safe_pct: number | null;
}

/** One reason why a plan may not be signed yet. */
export interface Block extends Bilingual {
  code: string;
}

export interface PlanState {
  plan_sha256: string;
  version: number;
  parent_sha256: string | null;
  kind: "auto" | "edited";
  label: string;
  created: string;
  author: string;
  summary: Partial<PlanSummary>;
  device_id: string;
  margin_mm: number | null;
  checks: Partial<Record<"pass" | "warn" | "fail" | "unknown", number>>;
  state: "draft" | "submitted" | "approved" | "superseded";
  submitted_at: string | null;
  blocked_by: Block[];
}

export type Verdict = "agree" | "agree_with_changes" | "object";

export interface Opinion {
  seq: number;
  plan_sha256: string;
  verdict: Verdict;
  text: string;
  person: Actor;
  at: string;
  answer: string | null;
  answered_by: Actor | null;
  answered_at: string | null;
  withdrawn_at: string | null;
  /** While it blocks signing. */
  is_open: boolean;
}

export interface Signature {
  plan_sha256: string;
  role: Role | string;
  person: Actor;
  at: string;
}

export interface Task {
  id: string;
  text: string;
  due: string | null;
  done_at: string | null;
}

export interface Treatment {
  treated_at: string;
  note: string;
  plan_sha256: string | null;
  recorded_by: Actor;
  at: string;
}

export interface CaseReport {
  seq: number;
  title: string;
  text: string;
  author: Actor;
  at: string;
}

export interface Case extends CaseSummary {
  consent: Consent | null;
  checklist: { answers: Record<string, Answer>; answered_by: Actor; at: string } | null;
  series: SeriesSummary[];
  structures: StructureState[];
  plans: PlanState[];
  opinions: Opinion[];
  signatures: Signature[];
  approval: { plan_sha256: string; binding_sha256: string; at: string } | null;
  treatments: Treatment[];
  reports: CaseReport[];
  tasks: Task[];
}

export interface Presence {
  person_id: string;
  name: string;
  where: string;
  at: string;
}

export type JobState = "queued" | "running" | "done" | "failed" | "cancelled";

export interface Job {
  id: string;
  case_id: string;
  kind: string;
  state: JobState;
  stage: string | Bilingual | null;
  fraction: number | null;
  error: Problem | null;
  result: Record<string, unknown> | null;
  created_at: string;
  started_at: string | null;
  ended_at: string | null;
}

export interface Upload {
  id: string;
  part_bytes: number;
  files: { path: string; size: number; received: number }[];
  state: string;
}

export interface Device {
  id: string;
  name: Bilingual;
  modality: Modality;
  gauge: number | string;
  usable_length_mm: number;
  tip_to_centre_mm: number;
  powers_w: number[];
  times_s: number[];
  settings: [number, number][];
  bands: {
    p10: { long_mm: number; short_mm: number };
    p50: { long_mm: number; short_mm: number };
    p90: { long_mm: number; short_mm: number };
  }[];
  provenance: string | Bilingual;
  verified_by: string | null;
  is_verified: boolean;
}

interface Difference<Group extends string, Value, Change = null> {
  group: Group;
  what: Bilingual;
  before: Value;
  after: Value;
  change: Change;
}

export interface NeedleChange {
  entry_mm: number;
  tip_mm: number;
  angle_deg: number;
}

/** One thing that differs between two versions of a plan. */
export type PlanDifference =
  | Difference<"fact" | "setting", string | number | string[] | null>
  | Difference<"needle", [number, number, number][] | null, NeedleChange | null>
  | Difference<"figure", number, number>
  | Difference<"check", "pass" | "warn" | "fail" | "unknown" | null>;

/** Which engine computed a result, and how. */
export interface ResultOrigin {
  engine: string;
  version: string;
  model: string;
  parameters: Record<string, number | string>;
}

interface ResultCommon {
  sha256: string;
  created: string;
  schema: "teleneedle.plan-result/1";
  plan_sha256: string;
  title: Bilingual;
  origin: ResultOrigin;
}

export type FieldQuantity = "temperature_degc" | "ablation_probability" | "dose_gy";
export type CurveQuantity = "temperature_degc" | "power_w" | "impedance_ohm";

/** A quantity in space; `values` float32 (K, J, I) come with the result itself. */
export interface FieldResult extends ResultCommon {
  kind: "field";
  quantity: FieldQuantity;
  affine: number[];
  frame_of_reference_uid: string;
  levels: { value: number; label: Bilingual }[];
  at_s: number | null;
}

/** Quantities over time; `time_s` (N,) and `p10`, `p50`, `p90` (C, N) come with the result itself. */
export interface CurvesResult extends ResultCommon {
  kind: "curves";
  curves: { id: string; name: Bilingual; quantity: CurveQuantity; has_band: boolean }[];
  limits: { quantity: CurveQuantity; value: number; label: Bilingual }[];
}

export interface DoseReadout {
  structure: string;
  d90_gy: number;
  v100_pct: number;
  v150_pct: number;
}

/** Cumulative histograms; `dose_gy` (N,) and `volume_pct` (S, N) come with the result itself. */
export interface DoseVolumeResult extends ResultCommon {
  kind: "dvh";
  prescription_gy: number;
  structures: { name: string; volume_ml: number }[];
  readouts: DoseReadout[];
}

/** What an engine computed for a version of a plan; docs/reference/planning-data.md. */
export type PlanResult = FieldResult | CurvesResult | DoseVolumeResult;

export interface Site {
  id: string;
  name: string;
  kind: SiteKind;
  is_active?: boolean;
}

export interface Person {
  id: string;
  name: string;
  email: string;
  locale?: string;
  is_active?: boolean;
  memberships: Membership[];
}

export interface Limits {
  max_upload_gb: number;
  session_hours: number;
  retention_years: number;
  media_retention_years: number;
}

export interface AuditRecord {
  seq: number;
  at: string;
  person: Actor | string | null;
  action: string;
  object: string;
  outcome: string;
  address: string;
  sha256: string;
}
