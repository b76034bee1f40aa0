import { applyToPoint, type Lps, norm, normalize, subtract } from "@teleneedle/geometry";
import { type DistanceField, Mask, type Needle, TargetPoints, type Zone } from "@teleneedle/viewer";
import type { ClearanceRule } from "../planDocument";

export type Verdict = "ok" | "warn" | "stop";

/** Distances from one structure, and from its large parts where a rule asks for them only. */
export interface StructureField {
  readonly kind: string;
  readonly affine: readonly number[];
  readonly field: DistanceField;
  readonly large?: DistanceField;
}

/** What a figure is measured to: the whole structure, the large parts that a rule means, or thinner branches. */
export type ClearancePart = "whole" | "large" | "thin";

export interface LiveClearance {
  readonly structure: string;
  readonly part: ClearancePart;
  readonly mm: number;
  /** Below this a needle is forbidden; null where nothing is. */
  readonly requiredMm: number | null;
  /** From here on more distance earns nothing. */
  readonly softMm: number;
  readonly isAtLeast: boolean;
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

const RANK: Readonly<Record<Verdict, number>> = { stop: 0, warn: 1, ok: 2 };
/** Two stored distances that differ by less than one step of the field are the same one. */
const SAME_MM = 0.05;

/** Clearances of one needle against the rules: what blocks first, then what is near, the tightest first. */
export function clearancesOf(
  needle: Needle,
  fields: ReadonlyMap<string, StructureField>,
  rules: readonly ClearanceRule[],
): LiveClearance[] {
  const out = [...fields].flatMap(([structure, field]) => {
    const rule = rules.find(({ kind }) => kind === field.kind || kind === structure);
    return rule ? clearancesOfOne(needle, structure, field, rule) : [];
  });
  const slack = ({ mm, requiredMm, softMm }: LiveClearance) => mm - (requiredMm ?? softMm);
  return out.sort((a, b) => RANK[a.verdict] - RANK[b.verdict] || slack(a) - slack(b));
}

/** While the field of a vessel's large parts is not there the whole vessel counts: never too large a figure. */
function clearancesOfOne(
  needle: Needle,
  structure: string,
  { field, large }: StructureField,
  rule: ClearanceRule,
): LiveClearance[] {
  const measured = (from: DistanceField, part: ClearancePart, requiredMm: number | null): LiveClearance => {
    const found = from.clearance(needle.entry, needle.tip, needle.radiusMm);
    const verdict =
      requiredMm !== null && found.mm < requiredMm ? "stop" : found.mm < rule.soft_mm ? "warn" : "ok";
    return { structure, part, ...found, requiredMm, softMm: rule.soft_mm, verdict };
  };
  const isSplit = rule.large_from_mm !== null && large !== undefined;
  const main = measured(isSplit ? large : field, isSplit ? "large" : "whole", rule.required_mm);
  if (!isSplit) return [main];
  const thin = measured(field, "thin", null);
  return thin.mm < main.mm - SAME_MM ? [main, thin] : [main];
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
