import { useAppend } from "@app/hub/commands";
import { hub } from "@app/hub/hub";
import { useLanguage } from "@app/i18n/useLanguage";
import { HubError, type StructureState } from "@teleneedle/protocol";
import { Button, StateMark, showToast } from "@teleneedle/ui";
import { useTranslation } from "react-i18next";
import { useDesk, useDeskState, useViewerState } from "../desk/useDesk";
import { maskBytes } from "../load/fetchBytes";
import { Panel } from "./Panel";

const MARKS = { green: "ok", amber: "warn", red: "stop" } as const;

interface Props {
  caseId: string;
  structures: readonly StructureState[];
  mayEdit: boolean;
  onPropose: () => void;
}

/** Structures with gate and reviewer; reviewed one by one or all that are plausible. */
export function StructuresPanel({ caseId, structures, mayEdit, onPropose }: Props) {
  const { t } = useTranslation("planning");
  const language = useLanguage();
  const desk = useDesk();
  const drawn = useViewerState((state) => state.structures);
  const edited = useDeskState((state) => state.editedMasks);
  const review = useAppend<{ name: string; sha256: string; note: string }>(caseId, "structure.reviewed");
  const open = structures.filter(({ state }) => state !== "reviewed");

  const reviewAll = async () => {
    for (const { name, sha256, gate } of open)
      if (gate === "green") await review.mutateAsync({ body: { name, sha256, note: "" } });
  };
  const toggle = (name: string) =>
    desk.workspace.store.setState({
      structures: drawn.map((one) => (one.name === name ? { ...one, visible: !one.visible } : one)),
    });
  const save = async () => {
    for (const name of edited) {
      const mask = desk.maskOf(name);
      const known = structures.find((one) => one.name === name);
      if (!mask || !known) continue;
      try {
        await hub.respond("PUT", `/api/cases/${caseId}/structures/${name}/mask`, {
          bytes: maskBytes(mask),
          headers: { "If-Match": `"${known.sha256}"` },
        });
        desk.markMaskSaved(name);
      } catch (error) {
        const who = error instanceof HubError ? String(error.problem.where ?? "") : "";
        showToast(t("maskConflict", { name, who }), "stop");
      }
    }
  };

  return (
    <Panel
      title={t("structures")}
      actions={
        mayEdit && (
          <span className="flex gap-1">
            {structures.length === 0 && <Button onClick={onPropose}>{t("propose")}</Button>}
            {open.some(({ gate }) => gate === "green") && (
              <Button onClick={() => void reviewAll()} isBusy={review.isPending}>
                {t("reviewGreen")}
              </Button>
            )}
          </span>
        )
      }
    >
      {structures.length === 0 && <p className="text-quiet">{t("noStructures")}</p>}
      <ul>
        {structures.map((one) => {
          const isVisible = drawn.find(({ name }) => name === one.name)?.visible ?? false;
          const gate = (one.gate ?? "amber") as keyof typeof MARKS;
          return (
            <li
              key={one.name}
              className="border-b border-line/60 py-0.5"
              data-testid={`structure-${one.name}`}
            >
              <div className="flex items-center gap-2">
                <input
                  type="checkbox"
                  checked={isVisible}
                  onChange={() => toggle(one.name)}
                  aria-label={t("show", { name: one.label[language] })}
                  style={{ accentColor: one.colour }}
                />
                <span aria-hidden className="size-2.5 rounded-sm" style={{ background: one.colour }} />
                <span className="min-w-0 flex-1 truncate">{one.label[language]}</span>
                <span className="tabular-nums text-quiet">{one.volume_ml?.toFixed(0)}</span>
                {one.state === "reviewed" ? (
                  <StateMark mark="ok">{one.reviewer}</StateMark>
                ) : (
                  <>
                    <StateMark mark={MARKS[gate]}>{t(`gates.${gate}`)}</StateMark>
                    {mayEdit && (
                      <button
                        type="button"
                        className="cursor-pointer text-accent hover:underline"
                        onClick={() =>
                          review.mutate({ body: { name: one.name, sha256: one.sha256, note: "" } })
                        }
                      >
                        {t("review")}
                      </button>
                    )}
                  </>
                )}
              </div>
              {one.state !== "reviewed" &&
                (one.reasons ?? []).map((reason) => (
                  <p key={reason.en} className="pl-6 text-label text-quiet">
                    {reason[language]}
                  </p>
                ))}
            </li>
          );
        })}
      </ul>
      {edited.size > 0 && mayEdit && (
        <Button look="primary" className="mt-2 w-full" onClick={() => void save()}>
          {t("saveMasks")}
        </Button>
      )}
    </Panel>
  );
}
