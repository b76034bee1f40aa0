import { isoDate } from "@app/i18n/isoDate";
import type { Patient } from "@teleneedle/protocol";
import { useTranslation } from "react-i18next";

const SEXES = { M: "male", F: "female" } as const;

/** Whole years between a birth date and a day, both as ISO dates. */
export function ageOn(birthDate: string, day: string): number | null {
  const [by, bm, bd] = birthDate.split("-").map(Number);
  const [y, m, d] = day.split("-").map(Number);
  if (!by || !bm || !bd || !y || !m || !d) return null;
  return y - by - (m < bm || (m === bm && d < bd) ? 1 : 0);
}

/** Name, sex, birth date and number: the two-way identity that belongs on every page of a case. */
export function PatientLine({ patient }: { patient: Patient }) {
  const { t } = useTranslation("shell");
  const sex = SEXES[patient.sex.toUpperCase() as keyof typeof SEXES];
  const birthDate = isoDate(patient.birth_date);
  const age = ageOn(birthDate, new Date().toISOString().slice(0, 10));
  const facts = [
    sex ? t(sex) : patient.sex ? t("otherSex") : "",
    birthDate,
    age === null ? "" : t("years", { count: age }),
    patient.id,
  ].filter(Boolean);
  return (
    <p className="min-w-0" data-testid="patient-banner">
      <span className="sr-only">{t("patient")}: </span>
      <strong className="font-semibold">{patient.name || "—"}</strong>
      <span className="text-quiet"> · {facts.join(" · ")}</span>
    </p>
  );
}
