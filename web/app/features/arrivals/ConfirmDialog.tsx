import { useCases } from "@app/hub/queries";
import type { Arrival, ArrivalCandidate } from "@teleneedle/protocol";
import { Button, Dialog, ErrorNote, showToast, TextField } from "@teleneedle/ui";
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useConfirm } from "./arrivalQueries";
import { IdentityTable } from "./IdentityTable";

/** Both identities side by side; the case is chosen and its number typed before the images enter it. */
export function ConfirmDialog({ arrival, onClose }: { arrival: Arrival; onClose: () => void }) {
  const { t } = useTranslation("arrivals");
  const [query, setQuery] = useState("");
  const choices = useChoices(arrival, query);
  const [chosen, setChosen] = useState<ArrivalCandidate | null>(null);
  const [typed, setTyped] = useState("");
  const confirm = useConfirm(arrival.id);
  const isTyped = chosen !== null && typed.trim() === chosen.patient.id;
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (!chosen || !isTyped) return;
    const { id, name, birth_date } = arrival.patient;
    confirm.mutate(
      { case_id: chosen.case_id, expected: { id, name, birth_date } },
      {
        onSuccess: () => {
          showToast(t("confirmed"), "ok");
          onClose();
        },
      },
    );
  };
  return (
    <Dialog isOpen isWide onClose={onClose} title={t("compareTitle")} description={t("compareText")}>
      <form className="flex flex-col gap-4" onSubmit={send}>
        <TextField
          type="search"
          label={t("searchCase")}
          value={query}
          onChange={({ target }) => setQuery(target.value)}
        />
        <Choices
          choices={choices}
          likely={new Set(arrival.candidates.map(({ case_id }) => case_id))}
          chosen={chosen}
          onChoose={(one) => {
            setChosen(one);
            setTyped("");
          }}
        />
        <IdentityTable images={arrival.patient} inCase={chosen?.patient} />
        {chosen && (
          <TextField
            label={t("typeNumber")}
            hint={t("typeNumberHint", { number: chosen.patient.id })}
            error={typed !== "" && !chosen.patient.id.startsWith(typed.trim()) ? t("wrongNumber") : undefined}
            autoComplete="off"
            value={typed}
            onChange={({ target }) => setTyped(target.value)}
          />
        )}
        {confirm.error && <ErrorNote error={confirm.error} />}
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button look="danger" type="submit" disabled={!isTyped} isBusy={confirm.isPending}>
            {t("confirm")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

const SHOWN = 6;

/** Cases that the hub thinks likely, then open ones of the same hospital. */
function useChoices(arrival: Arrival, query: string): ArrivalCandidate[] {
  const found = useCases({ site_id: arrival.site.id, q: query });
  const rows = found.data?.pages.flatMap(({ items }) => items) ?? [];
  const others = rows
    .filter(({ state }) => state !== "closed")
    .map(({ id, patient, indication }) => ({ case_id: id, patient, indication }));
  const likely = query ? [] : arrival.candidates;
  const known = new Set(likely.map(({ case_id }) => case_id));
  return [...likely, ...others.filter(({ case_id }) => !known.has(case_id))].slice(0, SHOWN);
}

interface ChoicesProps {
  choices: readonly ArrivalCandidate[];
  likely: ReadonlySet<string>;
  chosen: ArrivalCandidate | null;
  onChoose: (one: ArrivalCandidate) => void;
}

function Choices({ choices, likely, chosen, onChoose }: ChoicesProps) {
  const { t } = useTranslation("arrivals");
  const group = useId();
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="mb-1 text-label text-quiet">{t("chooseCase")}</legend>
      {choices.length === 0 && <p>{t("noCase")}</p>}
      {choices.map((one) => (
        <label
          key={one.case_id}
          className="flex cursor-pointer items-baseline gap-2 rounded px-2 py-1 hover:bg-raised has-checked:bg-raised"
        >
          <input
            type="radio"
            name={group}
            checked={chosen?.case_id === one.case_id}
            onChange={() => onChoose(one)}
          />
          <span className="min-w-0 [overflow-wrap:anywhere]">
            {one.patient.name} · {one.patient.id}{" "}
            <span className="text-quiet">
              {one.indication}
              {likely.has(one.case_id) && ` · ${t("likely")}`}
            </span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
