import { useAppend } from "@app/hub/commands";
import { CaseBarActions } from "@app/shell/CaseBarActions";
import { Button, StateMark, showToast } from "@teleneedle/ui";
import { useTranslation } from "react-i18next";
import { draftBody, draftOf } from "../desk/draft";
import { useDesk, useDeskState } from "../desk/useDesk";
import { Panel } from "./Panel";

const FILES = [
  ["bookZh", "plan-zh.pdf"],
  ["bookEn", "plan-en.pdf"],
  ["stl", "print/template.stl"],
  ["threeMf", "print/template.3mf"],
  ["dicom", "dicom/structures-rtstruct.dcm"],
] as const;

interface Props {
  caseId: string;
  mayEdit: boolean;
  isSubmitted: boolean;
  onEvaluate: (body: object) => void;
}

/** Save what was edited as a new version, send a version to the MDT, take its files. */
export function PlanActions({ caseId, mayEdit, isSubmitted, onEvaluate }: Props) {
  const { t } = useTranslation("planning");
  const desk = useDesk();
  const plan = useDeskState((state) => state.plan);
  const planSha = useDeskState((state) => state.planSha);
  const isEdited = useDeskState((state) => state.isEdited);
  const isRestored = useDeskState((state) => state.isRestored);
  const submit = useAppend<{ plan_sha256: string }>(caseId, "plan.submitted");
  if (!plan || !planSha) return null;
  const send = () =>
    submit.mutate({ body: { plan_sha256: planSha } }, { onSuccess: () => showToast(t("submitted")) });
  return (
    <>
      {mayEdit && !isSubmitted && (
        <CaseBarActions>
          <Button look="primary" disabled={isEdited} isBusy={submit.isPending} onClick={send}>
            {t("submit")}
          </Button>
        </CaseBarActions>
      )}
      {isEdited && mayEdit && (
        <div className="flex flex-col gap-1 border-b border-line bg-raised px-3 py-2" data-testid="edited">
          <StateMark mark="warn">{isRestored ? t("restored") : t("edited")}</StateMark>
          <div className="flex gap-1">
            <Button
              look="primary"
              onClick={() => onEvaluate({ base_sha256: planSha, ...draftBody(desk.draft) })}
            >
              {t("save")}
            </Button>
            <Button onClick={() => desk.editDraft("discard", draftOf(plan))}>{t("discard")}</Button>
          </div>
        </div>
      )}
      <Panel title={t("files")}>
        <ul>
          {FILES.map(([word, path]) => (
            <li key={path}>
              <a
                className="text-accent hover:underline"
                href={`/api/plans/${planSha}/files/${path}`}
                target={path.endsWith(".pdf") ? "_blank" : undefined}
                rel="noreferrer"
              >
                {t(word)}
              </a>
            </li>
          ))}
        </ul>
      </Panel>
    </>
  );
}
