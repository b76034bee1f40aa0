import type { Problem } from "@teleneedle/protocol";
import { Button, ErrorNote, useText } from "@teleneedle/ui";
import { useTranslation } from "react-i18next";
import { seriesChoices } from "./seriesChoices";
import type { Completion } from "./transfer";

interface ImportProblemProps {
  problem: Problem | null;
  onAgain: () => void;
  onReadAgain: (completion: Completion) => void;
}

/** Why the images could not be read; where the hub asks a question, it is answered here, without sending again. */
export function ImportProblem({ problem, onAgain, onReadAgain }: ImportProblemProps) {
  const { t } = useTranslation("upload");
  const text = useText();
  if (!problem) return null;
  const again = <Button onClick={onAgain}>{t("clear")}</Button>;
  if (problem.type.endsWith(":patient-mismatch"))
    return (
      <ErrorNote
        error={problem}
        actions={
          <>
            <Button look="danger" onClick={() => onReadAgain({ confirm_identity: true })}>
              {t("samePatient")}
            </Button>
            {again}
          </>
        }
      />
    );
  const choices = problem.type.endsWith(":series-choice") ? seriesChoices(text(problem.detail)) : [];
  if (choices.length === 0) return <ErrorNote error={problem} actions={again} />;
  return (
    <div className="flex flex-col gap-3">
      <ErrorNote
        error={{ ...problem, detail: t("chooseSeries"), detail_zh: "", remedy: null, remedy_zh: "" }}
        actions={again}
      />
      <ul className="flex flex-col gap-2">
        {choices.map(({ name, about }) => (
          <li key={name} className="flex items-center justify-between gap-4 border-b border-line/70 pb-2">
            <span className="min-w-0 break-words">{about || name}</span>
            <Button onClick={() => onReadAgain({ series: name })}>{t("useSeries")}</Button>
          </li>
        ))}
      </ul>
    </div>
  );
}
