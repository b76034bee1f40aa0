import { usePlans } from "@app/hub/queries";
import { useLanguage } from "@app/i18n/useLanguage";
import { useCaseContext } from "@app/shell/CaseFrame";
import { Button, Dialog } from "@teleneedle/ui";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useDeskState } from "../../desk/useDesk";
import { Panel } from "../Panel";

/** The plan book of the version on the desk, with a mark when the draft or another version has moved on. */
export function BookPanel({ planSha }: { planSha: string }) {
  const { t } = useTranslation("results");
  const language = useLanguage();
  const { case: shown } = useCaseContext();
  const isEdited = useDeskState((state) => state.isEdited);
  const plans = usePlans(shown.id).data ?? [];
  const [isOpen, setOpen] = useState(false);
  const version = plans.find(({ plan_sha256 }) => plan_sha256 === planSha)?.version;
  if (version === undefined) return null;
  const newest = Math.max(...plans.map((plan) => plan.version));
  const stale = [
    isEdited && t("draftMoved", { n: version }),
    newest > version && t("newerVersion", { n: newest }),
  ].filter((text) => text !== false);
  const marks = stale.map((text) => (
    <p key={text} className="text-warn" data-testid="book-stale">
      ▲ {text}
    </p>
  ));
  const address = `/api/plans/${planSha}/files/plan-${language}.pdf`;
  return (
    <Panel
      title={t("bookOf", { n: version })}
      actions={
        <Button look="quiet" onClick={() => setOpen(true)}>
          {t("openBook")}
        </Button>
      }
    >
      {marks}
      <Dialog
        isOpen={isOpen}
        isWide
        onClose={() => setOpen(false)}
        title={t("bookOf", { n: version })}
        description={<span className="font-mono">sha256 {planSha.slice(0, 16)}</span>}
      >
        {marks}
        <iframe
          title={t("bookOf", { n: version })}
          src={`${address}#navpanes=0&view=FitH`}
          className="block h-[64vh] w-full rounded border border-line bg-black"
        />
        <a className="text-accent hover:underline" href={address} target="_blank" rel="noreferrer">
          {t("newTab")}
        </a>
      </Dialog>
    </Panel>
  );
}
