import { useLanguage } from "@app/i18n/useLanguage";
import { Button } from "@teleneedle/ui";
import { useTranslation } from "react-i18next";
import { useDesk, useDeskState } from "../desk/useDesk";
import type { PlanDocument } from "../planDocument";
import { type Choice, choicesOf, differenceOf, ROWS, type Row } from "./choices";

const SIGNS = { better: "▲", worse: "▼", same: "" } as const;
const COLOURS = { better: "text-ok", worse: "text-warn", same: "text-quiet" } as const;

interface Props {
  plan: PlanDocument;
  mayEdit: boolean;
  onClose: () => void;
}

/** The plan and its alternatives side by side in numbers, over the pictures; what each gains and costs. */
export function AlternativesTable({ plan, mayEdit, onClose }: Props) {
  const { t } = useTranslation("planning");
  const language = useLanguage();
  const desk = useDesk();
  const compared = useDeskState((state) => state.compared);
  const choices = choicesOf(plan);
  const [first] = choices;
  if (!first) return null;
  return (
    <div
      className="absolute right-0 bottom-full left-0 z-10 max-h-[50vh] overflow-auto border-t border-line bg-panel px-2 py-1 text-label"
      data-testid="alternatives-table"
    >
      <table className="w-full table-fixed tabular-nums">
        <thead>
          <tr className="align-top">
            <th scope="col" className="w-40 text-left">
              <Button look="quiet" onClick={onClose}>
                {t("close")}
              </Button>
            </th>
            {choices.map(({ label, other }) => (
              <th key={label} scope="col" className="p-1 text-left font-normal">
                <span className="flex flex-wrap items-center gap-2">
                  <b>
                    {label} · {other ? other.title[language] : t("current")}
                  </b>
                  {other && (
                    <Button
                      aria-pressed={compared === label}
                      look={compared === label ? "primary" : "plain"}
                      onClick={() =>
                        compared === label ? desk.edits.compare(null, null) : desk.edits.compare(label, other)
                      }
                    >
                      {t("showGhost")}
                    </Button>
                  )}
                  {other && mayEdit && <Button onClick={() => desk.edits.adopt(other)}>{t("adopt")}</Button>}
                </span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {ROWS.map((row) => (
            <tr key={row.word} className="border-t border-line/60">
              <th scope="row" className="py-0.5 text-left font-normal text-quiet">
                {t(`rows.${row.word}`)}
              </th>
              {choices.map((choice) => (
                <td key={choice.label} className="px-1">
                  {shownValue(row, choice)}
                  {choice !== first && <DifferenceMark row={row} plan={first} other={choice} />}
                </td>
              ))}
            </tr>
          ))}
          <tr className="border-t border-line/60 align-top text-quiet">
            <th scope="row" className="py-0.5 text-left font-normal">
              {t("rows.why")}
            </th>
            {choices.map(({ label, other, coverage }) => (
              <td key={label} className="px-1">
                {(other?.why ?? coverage.statement)[language]}
              </td>
            ))}
          </tr>
        </tbody>
      </table>
    </div>
  );
}

function shownValue(row: Row, choice: Choice): string {
  const value = row.value(choice);
  return value === null ? "–" : `${value.toFixed(row.digits)} ${row.unit}`;
}

function DifferenceMark({ row, plan, other }: { row: Row; plan: Choice; other: Choice }) {
  const { t } = useTranslation("planning");
  const found = differenceOf(row, plan, other);
  if (!found) return null;
  return (
    <span className={`ml-2 ${COLOURS[found.verdict]}`}>
      <span aria-hidden>{SIGNS[found.verdict]} </span>
      {found.text}
      {found.verdict !== "same" && <span className="sr-only"> {t(`verdict.${found.verdict}`)}</span>}
    </span>
  );
}
