import type { Lps } from "@teleneedle/geometry";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { type DirectionWords, readPoint, sayPoint } from "../desk/patientPoint";

interface Props {
  what: string;
  at: Lps;
  isReadOnly: boolean;
  onPoint: (at: Lps) => void;
}

/** A point of the patient in words, such as `R 52.2 A 121.2 H 156.4`; typed, it is taken with Enter. */
export function PointField({ what, at, isReadOnly, onPoint }: Props) {
  const { t } = useTranslation("planning");
  const id = useId();
  const [typed, setTyped] = useState<string | null>(null);
  const words: DirectionWords = [
    [t("directions.right"), t("directions.left")],
    [t("directions.front"), t("directions.back")],
    [t("directions.foot"), t("directions.head")],
  ];
  const shown = sayPoint(at, words);
  const isWrong = typed !== null && readPoint(typed) === null;
  const take = () => {
    const point = typed === null || typed === shown ? null : readPoint(typed);
    if (point) onPoint(point);
    if (!isWrong) setTyped(null);
  };
  return (
    <div className="border-b border-line/60 py-0.5">
      <div className="flex items-center justify-between gap-2">
        <label htmlFor={id} className="shrink-0">
          {what}
        </label>
        <input
          id={id}
          className="w-full min-w-0 rounded border border-transparent bg-transparent px-1 text-right tabular-nums hover:border-edge focus:border-edge focus:bg-ground aria-invalid:border-stop"
          readOnly={isReadOnly}
          autoComplete="off"
          spellCheck={false}
          aria-invalid={isWrong || undefined}
          aria-describedby={isWrong ? `${id}-note` : undefined}
          value={typed ?? shown}
          onChange={(event) => setTyped(event.currentTarget.value)}
          onBlur={take}
          onKeyDown={(event) => {
            if (event.key === "Enter") take();
            else if (event.key === "Escape") setTyped(null);
          }}
        />
      </div>
      {isWrong && (
        <p id={`${id}-note`} className="text-label text-stop">
          ✖ {t("pointHelp")}
        </p>
      )}
    </div>
  );
}
