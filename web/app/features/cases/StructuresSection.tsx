import { useFormat } from "@app/i18n/useFormat";
import type { Case, StructureState } from "@teleneedle/protocol";
import { Section, StateMark, useText } from "@teleneedle/ui";
import { useTranslation } from "react-i18next";

/** Which structures are known, how large, and which still wait for an expert's eye. */
export function StructuresSection({ case: shown }: { case: Case }) {
  const { t } = useTranslation("cases");
  if (shown.structures.length === 0) return null;
  const reviewed = shown.structures.filter(({ state }) => state === "reviewed").length;
  return (
    <Section
      title={t("structures.title")}
      actions={
        <StateMark mark={reviewed === shown.structures.length ? "ok" : "warn"}>
          {reviewed} / {shown.structures.length} {t("structures.reviewed")}
        </StateMark>
      }
    >
      <ul className="grid gap-x-8 sm:grid-cols-2">
        {shown.structures.map((structure) => (
          <StructureLine key={structure.name} structure={structure} />
        ))}
      </ul>
    </Section>
  );
}

function StructureLine({ structure }: { structure: StructureState }) {
  const { t } = useTranslation("cases");
  const text = useText();
  const format = useFormat();
  const isBlocked = structure.gate === "fail" || structure.gate === "red";
  return (
    <li className="border-b border-line/70 py-1.5">
      <div className="flex items-baseline gap-2">
        <svg aria-hidden="true" className="size-2.5 shrink-0" viewBox="0 0 10 10">
          <rect width="10" height="10" rx="2" fill={structure.colour || "#8d99ab"} />
        </svg>
        <span className="min-w-0 flex-1 truncate">{text(structure.label)}</span>
        {structure.volume_ml !== null && (
          <span className="text-quiet">
            {format.number(structure.volume_ml)} {t("structures.ml")}
          </span>
        )}
        {structure.state === "reviewed" ? (
          <StateMark mark="ok">{structure.reviewer || t("structures.reviewed")}</StateMark>
        ) : (
          <StateMark mark={isBlocked ? "stop" : "warn"}>
            {t(isBlocked ? "structures.blocked" : "structures.toReview")}
          </StateMark>
        )}
      </div>
      {structure.state !== "reviewed" &&
        structure.reasons.map((reason) => (
          <p key={text(reason)} className="pl-4.5 text-label text-quiet">
            {text(reason)}
          </p>
        ))}
    </li>
  );
}
