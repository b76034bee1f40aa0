import { adminWords } from "@app/features/admin/words";
import { casesWords } from "@app/features/cases/words";
import { mdtWords } from "@app/features/mdt/words";
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
  mdt: mdtWords,
  planning: planningWords,
  admin: adminWords,
};
export type Namespace = keyof typeof allWords;
