import type { Answer, Modality } from "@teleneedle/protocol";
import type { Mark } from "@teleneedle/ui";
import type { checklistEn } from "./checklistWords";

export type Question = keyof typeof checklistEn.q;
export type AnswerKind = "yes_no" | "number" | "child_pugh";

export const QUESTIONS: { key: Question; kind: AnswerKind; step?: number; max?: number }[] = [
  { key: "inr", kind: "number", step: 0.01, max: 20 },
  { key: "platelets_e9_l", kind: "number", step: 1, max: 2000 },
  { key: "bilirubin_umol_l", kind: "number", step: 0.1, max: 1500 },
  { key: "child_pugh", kind: "child_pugh" },
  { key: "bilioenteric_anastomosis", kind: "yes_no" },
  { key: "four_drug_prophylaxis", kind: "yes_no" },
  { key: "biliary_stent_or_sphincterotomy", kind: "yes_no" },
  { key: "pacemaker_or_icd", kind: "yes_no" },
  { key: "rf_pads_checked", kind: "yes_no" },
  { key: "uncontrolled_ascites", kind: "yes_no" },
  { key: "active_infection", kind: "yes_no" },
  { key: "consent_signed", kind: "yes_no" },
];

export type Answers = Partial<Record<Question, Answer>>;

/** The questions that matter for a case: ground pads only where current flows through them. */
export const questionsFor = (modality: Modality) =>
  QUESTIONS.filter(({ key }) => key !== "rf_pads_checked" || modality === "rfa");

export interface Verdict {
  mark: Mark;
  advice?: keyof typeof checklistEn.advice;
}

const upTo = (value: Answer | undefined, pass: number, warn = pass): Mark =>
  typeof value !== "number" ? "unknown" : value <= pass ? "ok" : value <= warn ? "warn" : "stop";

const wants = (value: Answer | undefined, wanted: boolean, otherwise: Mark = "stop"): Mark =>
  typeof value !== "boolean" ? "unknown" : value === wanted ? "ok" : otherwise;

/** A hint while one types, after the hub's default rules; what counts is the hub's own check of the plan. */
export function judge(key: Question, answers: Answers, modality: Modality): Verdict {
  const value = answers[key];
  const advised = (mark: Mark, advice: keyof typeof checklistEn.advice): Verdict =>
    mark === "ok" || mark === "unknown" ? { mark } : { mark, advice };
  switch (key) {
    case "inr":
      return advised(upTo(value, 1.5, 1.8), key);
    case "platelets_e9_l":
      return advised(typeof value !== "number" ? "unknown" : value >= 50 ? "ok" : "stop", key);
    case "bilirubin_umol_l":
      return advised(upTo(value, 50), key);
    case "child_pugh":
      if (typeof value !== "string" || value === "") return { mark: "unknown" };
      return advised(value === "A" || value === "none" ? "ok" : value === "B" ? "warn" : "stop", key);
    case "bilioenteric_anastomosis":
      return answers.four_drug_prophylaxis === true
        ? advised(wants(value, false, "warn"), "bilioenteric_covered")
        : advised(wants(value, false), key);
    case "four_drug_prophylaxis":
      return answers.bilioenteric_anastomosis === true
        ? advised(wants(value, true), "bilioenteric_anastomosis")
        : { mark: typeof value === "boolean" ? "ok" : "unknown" };
    case "biliary_stent_or_sphincterotomy":
      return advised(wants(value, false, "warn"), key);
    case "pacemaker_or_icd":
      return modality === "rfa"
        ? advised(wants(value, false), key)
        : advised(wants(value, false, "warn"), "pacemaker_other");
    case "rf_pads_checked":
    case "consent_signed":
      return advised(wants(value, true), key);
    case "uncontrolled_ascites":
    case "active_infection":
      return advised(wants(value, false), key);
  }
}
