import { useAppend } from "@app/hub/commands";
import { useHasRole, useSession } from "@app/hub/useSession";
import { useCaseContext } from "@app/shell/CaseFrame";
import { Page } from "@app/shell/Page";
import { useShowPlanInFooter } from "@app/shell/planInFooter";
import type { PlanState } from "@teleneedle/protocol";
import { Button, EmptyState, ErrorNote, SelectField, showToast } from "@teleneedle/ui";
import { useTranslation } from "react-i18next";
import { useNavigate, useSearchParams } from "react-router";
import { Blocks } from "./Blocks";
import { Opinions } from "./Opinions";
import { PlanBook } from "./PlanBook";
import { PlanFacts } from "./PlanFacts";
import { Signing } from "./Signing";

/** The version that matters now: the approved one, else the last one sent, else the newest. */
export function currentPlan(plans: readonly PlanState[]): PlanState | undefined {
  const newestFirst = [...plans].sort((a, b) => b.version - a.version);
  return (
    newestFirst.find(({ state }) => state === "submitted") ??
    newestFirst.find(({ state }) => state === "approved") ??
    newestFirst[0]
  );
}

/** Where a plan is read, argued about, and signed. */
export function MdtPage() {
  const { t } = useTranslation("mdt");
  const { case: shown } = useCaseContext();
  const navigate = useNavigate();
  const session = useSession();
  const isExpert = useHasRole("expert");
  const [params, setParams] = useSearchParams();
  const submit = useAppend<{ plan_sha256: string }>(shown.id, "plan.submitted");
  const plan = shown.plans.find((one) => one.plan_sha256 === params.get("plan")) ?? currentPlan(shown.plans);
  useShowPlanInFooter(plan?.version, plan?.plan_sha256);

  if (!plan)
    return (
      <Page title={t("title")}>
        <EmptyState
          title={t("none")}
          action={
            <Button onClick={() => navigate("../planning", { relative: "path" })}>{t("toPlanning")}</Button>
          }
        >
          {t("noneText")}
        </EmptyState>
      </Page>
    );
  const canSubmit = isExpert && plan.state === "draft" && shown.state !== "closed";
  return (
    <Page
      title={t("title")}
      actions={
        <>
          <SelectField
            label={<span className="sr-only">{t("version")}</span>}
            value={plan.plan_sha256}
            onChange={(event) => setParams({ plan: event.target.value }, { replace: true })}
          >
            {[...shown.plans]
              .sort((a, b) => b.version - a.version)
              .map((one) => (
                <option key={one.plan_sha256} value={one.plan_sha256}>
                  v{one.version} · {t(`states.${one.state}`)} {one.label && `· ${one.label}`}
                </option>
              ))}
          </SelectField>
          {canSubmit && (
            <Button
              look="primary"
              isBusy={submit.isPending}
              onClick={() =>
                submit.mutate(
                  { body: { plan_sha256: plan.plan_sha256 } },
                  { onSuccess: () => showToast(t("submitted")) },
                )
              }
            >
              {t("submit")}
            </Button>
          )}
        </>
      }
    >
      <ErrorNote error={submit.error} />
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 xl:grid-cols-[minmax(0,1fr)_minmax(340px,460px)]">
        <PlanBook plan={plan} />
        <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
          <Blocks plan={plan} />
          <PlanFacts case={shown} plan={plan} />
          <Opinions key={plan.plan_sha256} case={shown} plan={plan} session={session} />
          <Signing key={`sign-${plan.plan_sha256}`} case={shown} plan={plan} session={session} />
        </div>
      </div>
    </Page>
  );
}
