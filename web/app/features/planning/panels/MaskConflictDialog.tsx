import { useSession } from "@app/hub/useSession";
import { useFormat } from "@app/i18n/useFormat";
import { Button, Dialog } from "@teleneedle/ui";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { MaskConflict } from "../desk/deskState";
import { saveMask } from "../desk/saveMasks";
import { useDesk, useDeskState } from "../desk/useDesk";
import { VersionCard } from "./VersionCard";

/** How much of the patient the pictures show around a difference, mm. */
const DIFFERENCE_MM = 90;

interface Props {
  caseId: string;
  labelOf: (name: string) => string;
  onProblem: (error: unknown) => void;
}

/** Two people painted the same structure: both versions by name and time, and what to do; nothing is lost. */
export function MaskConflictDialog(props: Props) {
  const conflict = useDeskState((state) => state.maskConflict);
  return (
    conflict && <Decision key={`${conflict.name}${conflict.theirs.sha256}`} {...props} conflict={conflict} />
  );
}

function Decision({ caseId, labelOf, onProblem, conflict }: Props & { conflict: MaskConflict }) {
  const { t } = useTranslation("planning");
  const { dateTime } = useFormat();
  const desk = useDesk();
  const { person } = useSession();
  const [isComparing, setComparing] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const { name, theirs, mineAt } = conflict;

  useEffect(() => {
    if (!isComparing) return;
    const shown = desk.anatomy.showDifference(name, theirs.sha256).then(({ at, hide }) => {
      const lookAway = at ? desk.lookAt(at, DIFFERENCE_MM) : () => {};
      return () => {
        lookAway();
        hide();
      };
    });
    shown.catch(onProblem);
    return () => void shown.then((hide) => hide());
  }, [desk, isComparing, name, theirs.sha256, onProblem]);

  const leave = () => desk.store.setState({ maskConflict: null });
  const decide = async (act: () => Promise<unknown>) => {
    setBusy(true);
    try {
      await act();
      if (desk.store.getState().maskConflict === conflict) leave();
    } catch (error) {
      onProblem(error);
    } finally {
      setBusy(false);
    }
  };
  const choices = (
    <>
      <Button
        look="primary"
        isBusy={isBusy}
        onClick={() => void decide(() => saveMask(desk, caseId, name, theirs.sha256))}
      >
        {t("conflict.keepMine")}
      </Button>
      <Button isBusy={isBusy} onClick={() => void decide(() => desk.anatomy.takeTheirs(name, theirs.sha256))}>
        {t("conflict.takeTheirs")}
      </Button>
    </>
  );

  if (isComparing)
    return (
      <section
        aria-label={t("conflict.difference")}
        data-testid="mask-difference"
        className="flex flex-wrap items-center gap-x-4 gap-y-1 border-b border-warn bg-raised px-3 py-1"
      >
        <b>{labelOf(name)}</b>
        <span className="inline-flex items-center gap-1">
          <span aria-hidden className="size-3 bg-zone" /> {t("conflict.onlyMine")}
        </span>
        <span className="inline-flex items-center gap-1">
          <span aria-hidden className="size-3 border-2 border-accent" /> {t("conflict.onlyTheirs", theirs)}
        </span>
        <span className="ml-auto flex gap-2">
          {choices}
          <Button onClick={() => setComparing(false)}>{t("conflict.back")}</Button>
        </span>
      </section>
    );
  return (
    <Dialog
      isOpen
      isWide
      onClose={leave}
      title={t("conflict.maskTitle", { name: labelOf(name) })}
      description={t("conflict.nothingLost")}
    >
      <div className="grid grid-cols-2 gap-3">
        <VersionCard title={t("conflict.mine")} who={person.name} when={dateTime(mineAt)} testId="mine" />
        <VersionCard
          title={t("conflict.theirs")}
          who={theirs.who}
          when={theirs.at ? dateTime(theirs.at) : "–"}
          testId="theirs"
        />
      </div>
      <div className="mt-4 flex flex-wrap gap-2">
        {choices}
        <Button onClick={() => setComparing(true)}>{t("conflict.look")}</Button>
      </div>
    </Dialog>
  );
}
