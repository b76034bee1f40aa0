import type { Bilingual } from "@teleneedle/protocol";

/* What plan.json (schema teleneedle.plan/1) and the planning routes of the hub say; only what this page reads. */

export type Point = [number, number, number];

export interface ZoneAxes {
  long_mm: number;
  short_mm: number;
}

export interface ZoneBand extends ZoneAxes {
  p10: ZoneAxes;
  p90: ZoneAxes;
}

export interface PlanClearance {
  structure: string;
  min_distance_mm: number;
  at_lps: Point;
  required_mm: number;
  hard: boolean;
}

export interface PlanNeedle {
  id: string;
  entry_lps: Point;
  tip_lps: Point;
  inserted_mm: number;
  tilt_deg: number;
  gauge?: number;
  in_plane_deg?: number;
  capsule_angle_deg?: number | null;
  liver_before_target_mm?: number | null;
  clearances?: PlanClearance[];
  robustness?: { sigma_mm: number; sigma_deg: number; safe_pct: number; covered_pct: number } | null;
  reason?: Bilingual;
}

export interface PlanApplication {
  needle: string;
  centre_lps: Point;
  axis: Point;
  tip_lps: Point;
  power_w: number;
  time_s: number;
  zone: ZoneBand;
}

export interface PlanCoverage {
  target_pct: number;
  ptv_pct: number;
  min_margin_mm: number;
  optimality_gap?: number | null;
  statement: Bilingual;
  p10?: { target_pct: number; min_margin_mm: number };
}

export interface PlanAlternative {
  label: string;
  title: Bilingual;
  punctures: number;
  needles: PlanNeedle[];
  applications: PlanApplication[];
  coverage: PlanCoverage;
  nearest_vessel_mm: number | null;
  total_time_s: number;
  why: Bilingual;
}

export interface PlanCheck {
  id: string;
  status: "pass" | "warn" | "fail" | "unknown";
  text_zh: string;
  text_en: string;
  source: string;
}

export interface PlanDocument {
  schema: string;
  id: string;
  version: number;
  modality: string;
  device: { id: string; name: Bilingual; provenance: string; verified_by: string; gauge: number };
  target: { name: string; volume_ml: number; centroid_lps: Point; margin_mm: number; diameters_mm: number[] };
  needles: PlanNeedle[];
  applications: PlanApplication[];
  coverage: PlanCoverage;
  alternatives: PlanAlternative[];
  checks: PlanCheck[];
  why_not: Bilingual[];
  warnings: Bilingual[];
}

export interface SeriesGeometry {
  id: string;
  description: string;
  shape: [number, number, number];
  affine: number[];
  sha256: string;
  layers: { level: number; shape: [number, number, number]; affine: number[] }[];
  window: { centre: number; width: number };
  study_date?: string;
  warnings?: Bilingual[];
}

export interface ClearanceRule {
  kind: string;
  /** Below it a path is forbidden; null where the structure only ranks paths. */
  required_mm: number | null;
  soft_mm: number;
  is_hard: boolean;
  /** Only parts at least this thick are forbidden; thinner ones rank. */
  large_from_mm: number | null;
}

export interface DeviceZone {
  p10: ZoneAxes;
  p50: ZoneAxes;
  p90: ZoneAxes;
}
