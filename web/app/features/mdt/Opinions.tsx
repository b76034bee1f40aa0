import { hasRole } from "@app/hub/useSession";
import type { Case, Opinion, PlanState, Session } from "@teleneedle/protocol";
import { Section } from "@teleneedle/ui";
import { useTranslation } from "react-i18next";
import { OpinionCard } from "./OpinionCard";
import { OpinionForm } from "./OpinionForm";

interface OpinionsProps {
  case: Case;
  plan: PlanState;
  session: Session;
}

/** What the members say about this version, open objections first. */
export function Opinions({ case: shown, plan, session }: OpinionsProps) {
  const { t } = useTranslation("mdt");
  const opinions = shown.opinions
    .filter(({ plan_sha256 }) => plan_sha256 === plan.plan_sha256)
    .sort((a: Opinion, b: Opinion) => Number(b.is_open) - Number(a.is_open) || b.seq - a.seq);
  const mayGive =
    hasRole(session, ["mdt", "expert"]) && plan.state === "submitted" && shown.state !== "closed";
  return (
    <Section title={t("opinions")}>
      <div className="flex flex-col gap-4">
        {opinions.length === 0 && (
          <p className="text-quiet">{t(plan.state === "draft" ? "notSubmitted" : "noOpinions")}</p>
        )}
        {opinions.map((opinion) => (
          <OpinionCard
            key={opinion.seq}
            case={shown}
            opinion={opinion}
            session={session}
            isSettled={plan.state !== "submitted"}
          />
        ))}
        {mayGive && <OpinionForm case={shown} plan={plan} />}
      </div>
    </Section>
  );
}
