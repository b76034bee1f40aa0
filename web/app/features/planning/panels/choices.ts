import type { PlanAlternative, PlanCoverage, PlanDocument } from "../planDocument";

/** The plan (without `other`) or one of its alternatives, by the figures that are compared. */
export interface Choice {
  readonly label: string;
  readonly other: PlanAlternative | null;
  readonly coverage: PlanCoverage;
  readonly punctures: number;
  readonly applications: number;
  readonly minutes: number;
  /** Nearest vessel, large or thin, mm. */
  readonly vesselMm: number | null;
  /** Longest way in, mm. */
  readonly deepestMm: number;
  /** Least share of safe placements over the needles, %. */
  readonly safePct: number | null;
}

const VESSELS = new Set(["portal_vein", "hepatic_veins", "artery", "vessels"]);

type Planned = Pick<PlanDocument, "needles" | "applications" | "coverage">;

function figuresOf({ needles, applications, coverage }: Planned): Omit<Choice, "label" | "other"> {
  const near = needles.flatMap(({ clearances = [] }) =>
    clearances.filter(({ structure }) => VESSELS.has(structure)).map((one) => one.min_distance_mm),
  );
  const safe = needles.flatMap(({ robustness }) => (robustness ? [robustness.safe_pct] : []));
  return {
    coverage,
    punctures: needles.length,
    applications: applications.length,
    minutes: applications.reduce((sum, { time_s }) => sum + time_s / 60, 0),
    vesselMm: near.length ? Math.min(...near) : null,
    deepestMm: Math.max(...needles.map(({ inserted_mm }) => inserted_mm)),
    safePct: safe.length ? Math.min(...safe) : null,
  };
}

/** The plan first, then its alternatives as they are labelled. */
export const choicesOf = (plan: PlanDocument): Choice[] => [
  { label: "A", other: null, ...figuresOf(plan) },
  ...plan.alternatives.map((other) => ({
    label: other.label,
    other,
    ...figuresOf(other),
    vesselMm: other.nearest_vessel_mm,
  })),
];

/** One line of the comparison: how a figure reads, and whether more of it is better. */
export interface Row {
  readonly word:
    | "gtv"
    | "ptv"
    | "leastMargin"
    | "leastMarginP10"
    | "punctureCount"
    | "applicationCount"
    | "time"
    | "nearestVessel"
    | "deepest"
    | "safe";
  readonly unit: string;
  readonly digits: number;
  readonly better: "more" | "less";
  value(choice: Choice): number | null;
}

export const ROWS: readonly Row[] = [
  { word: "gtv", unit: "%", digits: 1, better: "more", value: ({ coverage }) => coverage.target_pct },
  { word: "ptv", unit: "%", digits: 1, better: "more", value: ({ coverage }) => coverage.ptv_pct },
  {
    word: "leastMargin",
    unit: "mm",
    digits: 1,
    better: "more",
    value: ({ coverage }) => coverage.min_margin_mm,
  },
  {
    word: "leastMarginP10",
    unit: "mm",
    digits: 1,
    better: "more",
    value: ({ coverage }) => coverage.p10?.min_margin_mm ?? null,
  },
  { word: "nearestVessel", unit: "mm", digits: 1, better: "more", value: ({ vesselMm }) => vesselMm },
  { word: "deepest", unit: "mm", digits: 1, better: "less", value: ({ deepestMm }) => deepestMm },
  { word: "safe", unit: "%", digits: 0, better: "more", value: ({ safePct }) => safePct },
  { word: "punctureCount", unit: "", digits: 0, better: "less", value: ({ punctures }) => punctures },
  {
    word: "applicationCount",
    unit: "",
    digits: 0,
    better: "less",
    value: ({ applications }) => applications,
  },
  { word: "time", unit: "min", digits: 0, better: "less", value: ({ minutes }) => minutes },
];

export interface Difference {
  readonly text: string;
  readonly verdict: "better" | "worse" | "same";
}

/** What an alternative gains or costs against the plan, as it reads; null where a figure is missing. */
export function differenceOf(row: Row, plan: Choice, other: Choice): Difference | null {
  const [a, b] = [row.value(plan), row.value(other)];
  if (a === null || b === null) return null;
  const rounded = Number((Number(b.toFixed(row.digits)) - Number(a.toFixed(row.digits))).toFixed(row.digits));
  if (rounded === 0) return { text: "=", verdict: "same" };
  const isBetter = rounded > 0 === (row.better === "more");
  return {
    text: `${rounded > 0 ? "+" : "−"}${Math.abs(rounded).toFixed(row.digits)}`,
    verdict: isBetter ? "better" : "worse",
  };
}
