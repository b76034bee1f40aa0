import type { Answer, Modality } from "@teleneedle/protocol";
import { controlLook, StateMark } from "@teleneedle/ui";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { type Answers, judge, type QUESTIONS } from "./checklistRules";

interface ChecklistRowProps {
  question: (typeof QUESTIONS)[number];
  answers: Answers;
  modality: Modality;
  isEditable: boolean;
  onChange: (value: Answer) => void;
}

/** One question in one line: what is asked, the answer, and what it means. */
export function ChecklistRow({ question, answers, modality, isEditable, onChange }: ChecklistRowProps) {
  const { t } = useTranslation("cases");
  const id = useId();
  const value = answers[question.key];
  const { mark, advice } = judge(question.key, answers, modality);
  const limits: Partial<Record<string, string>> = t("checklist.limit", { returnObjects: true });
  const limit = limits[question.key];
  return (
    <div className="grid grid-cols-[minmax(0,1.2fr)_150px_minmax(0,1.3fr)] items-center gap-x-4 border-b border-line/70 py-1.5 last:border-b-0 max-sm:grid-cols-[minmax(0,1fr)_120px]">
      <label htmlFor={id}>
        {t(`checklist.q.${question.key}`)}
        {limit && <span className="ml-2 text-label text-quiet">{limit}</span>}
      </label>
      {isEditable ? (
        <AnswerControl id={id} question={question} value={value} onChange={onChange} />
      ) : (
        <output id={id} className="text-right">
          <AnswerWords question={question} value={value} />
        </output>
      )}
      <p className="text-label max-sm:col-span-2">
        {mark === "unknown" ? (
          <StateMark mark="unknown">{t("checklist.choose")}</StateMark>
        ) : (
          <StateMark mark={mark}>{advice ? t(`checklist.advice.${advice}`) : t("checklist.ok")}</StateMark>
        )}
      </p>
    </div>
  );
}

interface ControlProps {
  id: string;
  question: (typeof QUESTIONS)[number];
  value: Answer | undefined;
  onChange: (value: Answer) => void;
}

function AnswerControl({ id, question, value, onChange }: ControlProps) {
  const { t } = useTranslation("cases");
  if (question.kind === "number")
    return (
      <input
        id={id}
        type="number"
        inputMode="decimal"
        min={0}
        max={question.max}
        step={question.step}
        className={`${controlLook} text-right`}
        value={typeof value === "number" ? value : ""}
        onChange={(event) => onChange(event.target.value === "" ? null : event.target.valueAsNumber)}
      />
    );
  const choices =
    question.kind === "child_pugh" ? (["A", "B", "C", "none"] as const) : (["yes", "no"] as const);
  const chosen = typeof value === "boolean" ? (value ? "yes" : "no") : String(value ?? "");
  return (
    <select
      id={id}
      className={controlLook}
      value={chosen}
      onChange={({ target }) =>
        onChange(
          target.value === "" ? null : question.kind === "yes_no" ? target.value === "yes" : target.value,
        )
      }
    >
      <option value="">{t("checklist.choose")}</option>
      {choices.map((choice) => (
        <option key={choice} value={choice}>
          {choice === "yes" || choice === "no"
            ? t(`checklist.${choice}`)
            : t(`checklist.childPugh.${choice}`)}
        </option>
      ))}
    </select>
  );
}

function AnswerWords({ question, value }: Pick<ControlProps, "question" | "value">) {
  const { t } = useTranslation("cases");
  if (value === undefined || value === null || value === "") return "—";
  if (typeof value === "boolean") return t(value ? "checklist.yes" : "checklist.no");
  if (question.kind === "child_pugh" && (value === "A" || value === "B" || value === "C" || value === "none"))
    return t(`checklist.childPugh.${value}`);
  return value;
}
