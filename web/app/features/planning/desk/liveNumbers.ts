import { applyToPoint, invert, type Lps, norm, normalize, subtract } from "@teleneedle/geometry";
import { type DistanceField, Mask, type Needle, TargetPoints, type Zone } from "@teleneedle/viewer";
import type { ClearanceRule } from "../planDocument";

export type Verdict = "ok" | "warn" | "stop";

export interface LiveClearance {
  readonly structure: string;
  readonly mm: number;
  readonly requiredMm: number;
  readonly isHard: boolean;
  readonly isAtLeast: boolean;
  /** The rule means large parts only; the figure counts thin branches too and is on the safe side. */
  readonly hasThinBranches: boolean;
  readonly depthMm: number;
  readonly at: Lps;
  readonly verdict: Verdict;
}

export interface LiveCoverage {
  readonly targetPct: number;
  readonly ptvPct: number | null;
  readonly minMarginMm: number;
  readonly minMarginP10Mm: number;
  readonly thinnest: Lps | null;
}

export interface LiveNumbers {
  readonly clearances: readonly LiveClearance[];
  readonly coverage: LiveCoverage | null;
}

/** Depth in the patient, tilt towards the head and angle in the axial plane, mm and degrees. */
export function needleFacts({ entry, tip }: Pick<Needle, "entry" | "tip">) {
  const way = subtract(tip, entry);
  const [x, y, z] = normalize(way);
  const degrees = 180 / Math.PI;
  return {
    depthMm: norm(way),
    tiltDeg: Math.asin(Math.max(-1, Math.min(1, z))) * degrees,
    inPlaneDeg: Math.atan2(x, y) * degrees,
  };
}

const verdictOf = (mm: number, rule: ClearanceRule): Verdict =>
  mm >= rule.required_mm ? "ok" : rule.is_hard ? "stop" : "warn";

/** Clearances of one needle against the rules, the tightest first. */
export function clearancesOf(
  needle: Needle,
  fields: ReadonlyMap<string, { kind: string; field: DistanceField }>,
  rules: readonly ClearanceRule[],
): LiveClearance[] {
  const out: LiveClearance[] = [];
  for (const [structure, { kind, field }] of fields) {
    const own = rules.filter((rule) => rule.kind === kind || rule.kind === structure);
    if (own.length === 0) continue;
    const { mm, at, depthMm, isAtLeast } = field.clearance(needle.entry, needle.tip, needle.radiusMm);
    const broken = own.filter((rule) => mm < rule.required_mm);
    const rule = broken.find((one) => one.is_hard) ?? broken[0] ?? own.find((one) => one.is_hard) ?? own[0];
    if (!rule) continue;
    out.push({
      structure,
      mm,
      at,
      depthMm,
      isAtLeast,
      hasThinBranches: rule.large_from_mm != null,
      requiredMm: rule.required_mm,
      isHard: rule.is_hard,
      verdict: verdictOf(mm, rule),
    });
  }
  return out.sort((a, b) => a.mm - a.requiredMm - (b.mm - b.requiredMm));
}

/** The voxels of the target's distance field within the margin, and inside the organ where its field is known. */
export function planningTarget(
  field: DistanceField,
  affine: readonly number[],
  marginMm: number,
  organ?: DistanceField,
) {
  const [K, J, I] = field.shape;
  const mask = new Mask({ start: [0, 0, 0], shape: field.shape });
  const most = marginMm / 0.05;
  for (let n = 0; n < field.values.length; n++) {
    const value = field.values[n] as number;
    if (value > most) continue;
    const row = (n / I) | 0;
    const k = (row / J) | 0;
    const [j, i] = [row - k * J, n - row * I];
    if (k >= K) break;
    if (value > 0 && organ) {
      const p = applyToPoint(affine, [i, j, k]) as Lps;
      if (organ.distanceAt(p) > 0) continue;
    }
    mask.put(k, j, i, true);
  }
  return TargetPoints.fromMask(mask, affine);
}

const ellipsoids = (zones: readonly Zone[], band: "p10" | "p50") =>
  zones.map(({ centre, axis, ...zone }) => ({ centre, axis, ...zone[band] }));

export function coverageOf(
  target: TargetPoints,
  ptv: TargetPoints | null,
  zones: readonly Zone[],
): LiveCoverage {
  const p50 = target.coverage(ellipsoids(zones, "p50"));
  const p10 = target.coverage(ellipsoids(zones, "p10"));
  return {
    targetPct: 100 * p50.share,
    ptvPct: ptv ? 100 * ptv.coverage(ellipsoids(zones, "p50")).share : null,
    minMarginMm: p50.minMarginMm,
    minMarginP10Mm: p10.minMarginMm,
    thinnest: p50.at,
  };
}

/** Whether a point lies in the grid of an affine map. */
export function isInside(
  affine: readonly number[],
  shape: readonly [number, number, number],
  p: Lps,
): boolean {
  const [i, j, k] = applyToPoint(invert(affine), p);
  return i >= 0 && j >= 0 && k >= 0 && i <= shape[2] - 1 && j <= shape[1] - 1 && k <= shape[0] - 1;
}
