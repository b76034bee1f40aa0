import { adminWords } from "@app/features/admin/words";
import { arrivalsWords } from "@app/features/arrivals/words";
import { casesWords } from "@app/features/cases/words";
import { diffWords } from "@app/features/diff/words";
import { mdtWords } from "@app/features/mdt/words";
import { resultWords } from "@app/features/planning/resultWords";
import { planningWords } from "@app/features/planning/words";
import { sessionWords } from "@app/features/session/words";
import { uploadWords } from "@app/features/upload/words";
import { shellWords } from "@app/shell/words";

/** Every namespace of the app; a feature's words live beside its pages. */
export const allWords = {
  shell: shellWords,
  session: sessionWords,
  cases: casesWords,
  upload: uploadWords,
  diff: diffWords,
  mdt: mdtWords,
  planning: planningWords,
  results: resultWords,
  admin: adminWords,
  arrivals: arrivalsWords,
};
export type Namespace = keyof typeof allWords;
