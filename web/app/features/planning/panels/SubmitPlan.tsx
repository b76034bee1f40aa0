import { useAppend } from "@app/hub/commands";
import { CaseBarActions } from "@app/shell/CaseBarActions";
import { Button, showToast } from "@teleneedle/ui";
import { useTranslation } from "react-i18next";
import { useDeskState } from "../desk/useDesk";

interface Props {
  caseId: string;
  mayEdit: boolean;
  isSubmitted: boolean;
}

/** Sends the version on the desk to the MDT; in the bar beside the patient. */
export function SubmitPlan({ caseId, mayEdit, isSubmitted }: Props) {
  const { t } = useTranslation("planning");
  const planSha = useDeskState((state) => state.planSha);
  const isEdited = useDeskState((state) => state.isEdited);
  const submit = useAppend<{ plan_sha256: string }>(caseId, "plan.submitted");
  if (!planSha || !mayEdit || isSubmitted) return null;
  const send = () =>
    submit.mutate({ body: { plan_sha256: planSha } }, { onSuccess: () => showToast(t("submitted")) });
  return (
    <CaseBarActions>
      <Button look="primary" disabled={isEdited} isBusy={submit.isPending} onClick={send}>
        {t("submit")}
      </Button>
    </CaseBarActions>
  );
}
