import { useFormat } from "@app/i18n/useFormat";
import type { EarlyStructure, EarlyStructures } from "@teleneedle/protocol";
import { StateMark, useText } from "@teleneedle/ui";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { useStore } from "zustand";
import type { ArrivalDesk } from "./arrivalDesk";

const MARKS = { green: "ok", amber: "warn", red: "stop" } as const;

interface Props {
  early: EarlyStructures;
  desk: ArrivalDesk;
}

/** Beside the pictures: which preliminary organs lie over them, how large they are, and what they are not for. */
export function EarlyLegend({ early, desk }: Props) {
  const { t } = useTranslation("arrivals");
  const title = useId();
  return (
    <section
      aria-labelledby={title}
      className="flex shrink-0 flex-col gap-2 overflow-y-auto border-line bg-panel p-3 max-lg:max-h-2/5 max-lg:border-t lg:w-64 lg:border-l"
      data-testid="early-structures"
    >
      <h2 id={title} className="font-semibold">
        {t("early.title")}
      </h2>
      <StateMark mark="warn" className="text-label">
        {t("early.note")}
      </StateMark>
      {early.structures.length > 0 && (
        <ul>
          {early.structures.map((structure) => (
            <EarlyRow key={structure.kind} structure={structure} desk={desk} />
          ))}
        </ul>
      )}
      <EarlyProgress early={early} />
    </section>
  );
}

function EarlyRow({ structure, desk }: { structure: EarlyStructure; desk: ArrivalDesk }) {
  const { t } = useTranslation("arrivals");
  const text = useText();
  const format = useFormat();
  const { kind, label, colour, volume_ml, gate } = structure;
  const drawn = useStore(desk.workspace.store, ({ structures }) =>
    structures.find(({ name }) => name === kind),
  );
  return (
    <li className="border-b border-line/70 py-1 last:border-b-0" data-testid={`early-${kind}`}>
      <label className="flex items-center gap-2 has-enabled:cursor-pointer">
        <input
          type="checkbox"
          checked={drawn?.visible ?? false}
          disabled={!drawn}
          onChange={() => desk.early.toggle(kind)}
          aria-label={t("early.show", { name: text(label) })}
          style={{ accentColor: colour }}
        />
        <span aria-hidden className="size-2.5 shrink-0 rounded-sm" style={{ background: colour }} />
        <span className="min-w-0 flex-1 leading-tight">{text(label)}</span>
        <span className="whitespace-nowrap text-quiet tabular-nums">{format.number(volume_ml, 0)} mL</span>
        <StateMark mark={MARKS[gate]} className="min-w-14 text-label">
          {t(`early.gate.${gate}`)}
        </StateMark>
      </label>
      {!drawn && <p className="pl-5 text-label text-quiet">{t("early.coming")}</p>}
    </li>
  );
}

/** Whether more will come, or why no more does. */
function EarlyProgress({ early: { state, structures } }: Pick<Props, "early">) {
  const { t } = useTranslation("arrivals");
  const some = structures.length > 0;
  const told = state === "computing" ? "computing" : !some ? "nothing" : state === "failed" ? "noMore" : null;
  return (
    <p className="text-label text-quiet" role="status" data-testid="early-progress">
      {told && t(`early.${told}`)}
    </p>
  );
}
