import { hub } from "@app/hub/hub";
import { useSession } from "@app/hub/useSession";
import { useFormat } from "@app/i18n/useFormat";
import type { PlanState } from "@teleneedle/protocol";
import { Button, Dialog, StateMark } from "@teleneedle/ui";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useDesk, useDeskState } from "../desk/useDesk";
import type { PlanDocument } from "../planDocument";
import { VersionCard } from "./VersionCard";

interface Props {
  movedTo: PlanState | null;
  /** Save the draft as a new version on top of theirs. */
  onKeepMine: (base: string) => void;
  onTakeTheirs: (planSha: string) => void;
}

/** While a draft was edited somebody else made a newer version: both by name and time, and what to do. */
export function PlanMovedDialog(props: Props) {
  return props.movedTo && <Decision key={props.movedTo.plan_sha256} {...props} movedTo={props.movedTo} />;
}

function Decision({ movedTo, onKeepMine, onTakeTheirs }: Props & { movedTo: PlanState }) {
  const { t } = useTranslation("planning");
  const { dateTime } = useFormat();
  const { person } = useSession();
  const desk = useDesk();
  const coverage = useDeskState((state) => state.live?.coverage ?? null);
  const [isOpen, setOpen] = useState(true);
  const { plan_sha256: theirs, version, author, created, summary } = movedTo;
  const hide = () => desk.edits.compare(null, null);

  const look = async () => {
    desk.edits.compare(`v${version}`, await hub.get<PlanDocument>(`/api/plans/${theirs}`));
    setOpen(false);
  };
  const keepMine = () => {
    hide();
    setOpen(false);
    onKeepMine(theirs);
  };
  const takeTheirs = () => {
    hide();
    onTakeTheirs(theirs);
  };
  const choices = (
    <>
      <Button look="primary" onClick={keepMine}>
        {t("conflict.keepMine")}
      </Button>
      <Button onClick={takeTheirs}>{t("conflict.takeTheirs")}</Button>
    </>
  );
  if (!isOpen)
    return (
      <section
        aria-label={t("conflict.planTitle")}
        data-testid="plan-moved"
        className="flex flex-wrap items-center gap-x-4 gap-y-1 border-b border-warn bg-raised px-3 py-1"
      >
        <StateMark mark="warn">{t("conflict.planBar", { version, who: author })}</StateMark>
        <span className="ml-auto flex gap-2">
          {choices}
          <Button onClick={() => setOpen(true)}>{t("conflict.back")}</Button>
        </span>
      </section>
    );
  return (
    <Dialog
      isOpen
      isWide
      onClose={() => setOpen(false)}
      title={t("conflict.planTitle")}
      description={t("conflict.nothingLost")}
    >
      <div className="grid grid-cols-2 gap-3">
        <VersionCard title={t("conflict.mine")} who={person.name} when={t("edited")} testId="mine">
          {coverage && (
            <p className="tabular-nums">
              GTV {coverage.targetPct.toFixed(1)} % · {coverage.minMarginMm.toFixed(1)} mm
            </p>
          )}
        </VersionCard>
        <VersionCard
          title={`${t("conflict.theirs")} · v${version}`}
          who={author}
          when={dateTime(created)}
          testId="theirs"
        >
          <p className="tabular-nums">
            GTV {summary.target_pct?.toFixed(1)} % · {summary.min_margin_mm?.toFixed(1)} mm
          </p>
        </VersionCard>
      </div>
      <div className="mt-4 flex flex-wrap gap-2">
        {choices}
        <Button onClick={() => void look()}>{t("conflict.look")}</Button>
      </div>
    </Dialog>
  );
}
