import { describe, expect, it } from "vitest";
import type { PlanDocument } from "../planDocument";
import { choicesOf, differenceOf, ROWS } from "./choices";

const needle = (inserted: number, vessel: number, safe: number) => ({
  id: "N1",
  entry_lps: [0, 0, 0],
  tip_lps: [0, 0, inserted],
  inserted_mm: inserted,
  tilt_deg: 0,
  clearances: [
    { structure: "vessels", min_distance_mm: vessel, at_lps: [0, 0, 0], required_mm: 5, hard: true },
    { structure: "bone", min_distance_mm: 1, at_lps: [0, 0, 0], required_mm: 3, hard: true },
  ],
  robustness: { sigma_mm: 3, sigma_deg: 2, safe_pct: safe, covered_pct: 100 },
});
const covered = (target: number, margin: number) => ({
  target_pct: target,
  ptv_pct: target,
  min_margin_mm: margin,
  statement: { zh: "", en: "" },
});
const application = { time_s: 600 };
const plan = {
  needles: [needle(90, 6, 80), needle(70, 8, 95)],
  applications: [application, application],
  coverage: covered(100, 6.24),
  alternatives: [
    {
      label: "B",
      needles: [needle(95, 4, 80)],
      applications: [application],
      coverage: covered(99.2, 6.21),
      nearest_vessel_mm: 4,
    },
  ],
} as unknown as PlanDocument;

describe("choices side by side", () => {
  const [a, b] = choicesOf(plan);
  const row = (word: string) => ROWS.find((one) => one.word === word);
  const difference = (word: string) => {
    const found = row(word);
    return a && b && found ? differenceOf(found, a, b) : null;
  };

  it("takes the worst needle for depth, vessels and safety", () => {
    expect(a).toMatchObject({ punctures: 2, minutes: 20, vesselMm: 6, deepestMm: 90, safePct: 80 });
  });

  it("says which way a difference goes", () => {
    expect(difference("gtv")).toEqual({ text: "−0.8", verdict: "worse" });
    expect(difference("punctureCount")).toEqual({ text: "−1", verdict: "better" });
    expect(difference("deepest")).toEqual({ text: "+5.0", verdict: "worse" });
    expect(difference("nearestVessel")).toEqual({ text: "−2.0", verdict: "worse" });
  });

  it("calls figures that read the same the same", () => {
    expect(difference("leastMargin")).toEqual({ text: "=", verdict: "same" });
  });

  it("says nothing about a figure that is missing", () => {
    expect(difference("leastMarginP10")).toBeNull();
  });
});
