import { ArrivingSection } from "@app/features/arrivals";
import { hasRole, useSession } from "@app/hub/useSession";
import { useCaseContext } from "@app/shell/CaseFrame";
import { Page } from "@app/shell/Page";
import { useShowPlanInFooter } from "@app/shell/planInFooter";
import { Button, Section, useText } from "@teleneedle/ui";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { ChecklistSection } from "./ChecklistSection";
import { CloseCase } from "./CloseCase";
import { ConsentSection } from "./ConsentSection";
import { ImagesSection } from "./ImagesSection";
import { PlansSection } from "./PlansSection";
import { ReportsSection } from "./ReportsSection";
import { SignaturesSection } from "./SignaturesSection";
import { StructuresSection } from "./StructuresSection";
import { TasksSection } from "./TasksSection";
import { Timeline } from "./Timeline";

/** Everything about one patient's case on one page: what is known, what is missing, what comes next. */
export function CasePage() {
  const { t } = useTranslation("cases");
  const text = useText();
  const navigate = useNavigate();
  const session = useSession();
  const { case: shown } = useCaseContext();
  const current =
    shown.plans.find((plan) => plan.plan_sha256 === shown.approval?.plan_sha256) ?? shown.plans.at(-1);
  useShowPlanInFooter(current?.version, current?.plan_sha256);
  const isOpen = shown.state !== "closed";
  const isOperator = isOpen && hasRole(session, ["operator"], shown.site.id);
  const isExpert = isOpen && hasRole(session, ["expert"]);
  const isTechnologist = isOpen && hasRole(session, ["technologist"], shown.site.id);

  return (
    <Page
      title={shown.indication || t(`state.${shown.state}`)}
      actions={
        <>
          <p className="text-quiet">
            {t("next")}: <span className="text-ink">{text(shown.next_action) || t("nothingNext")}</span>
          </p>
          {shown.series.length > 0 && (
            <Button look="primary" onClick={() => navigate("planning")}>
              {t("plans.open")}
            </Button>
          )}
          {(isOperator || isExpert) && <CloseCase case={shown} />}
        </>
      }
    >
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-[minmax(0,1fr)_minmax(300px,380px)]">
        <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
          <ArrivingSection caseId={shown.id} />
          <ImagesSection case={shown} mayUpload={isOperator || isTechnologist || isExpert} />
          <ChecklistSection case={shown} mayAnswer={isOperator} />
          <PlansSection case={shown} />
          <StructuresSection case={shown} />
          <ReportsSection case={shown} mayFile={isOperator || isExpert} mayRecord={isOperator} />
        </div>
        <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
          <ConsentSection case={shown} mayRecord={isOperator} />
          <SignaturesSection case={shown} />
          <TasksSection case={shown} mayKeep={isOperator || isExpert} />
          <Section title={t("timeline")}>
            <Timeline caseId={shown.id} case={shown} />
          </Section>
        </div>
      </div>
    </Page>
  );
}
