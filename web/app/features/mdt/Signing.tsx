import { useFormat } from "@app/i18n/useFormat";
import type { Case, PlanState, Session } from "@teleneedle/protocol";
import { Button, Fact, Section, StateMark } from "@teleneedle/ui";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { SignDialog } from "./SignDialog";
import { maySign } from "./signing";

interface SigningProps {
  case: Case;
  plan: PlanState;
  session: Session;
}

/** Both signatures of this version, and the way to put one's own. */
export function Signing({ case: shown, plan, session }: SigningProps) {
  const { t } = useTranslation("mdt");
  const format = useFormat();
  const [isSigning, setSigning] = useState(false);
  const approval = shown.approval?.plan_sha256 === plan.plan_sha256 ? shown.approval : null;
  return (
    <Section title={t("signatures")}>
      <dl>
        {(["expert", "operator"] as const).map((role) => {
          const signature = shown.signatures.find(
            (one) => one.plan_sha256 === plan.plan_sha256 && one.role === role,
          );
          return (
            <Fact key={role} name={t(role)}>
              {signature ? (
                <StateMark mark="ok">
                  {signature.person.name} · {format.dateTime(signature.at)}
                </StateMark>
              ) : (
                <StateMark mark="unknown">{t("waiting")}</StateMark>
              )}
            </Fact>
          );
        })}
      </dl>
      {approval && (
        <div className="mt-3">
          <StateMark mark="ok">{t("approved")}</StateMark>
          <p className="text-label text-quiet">
            {t("binding")} <code className="font-mono break-all">{approval.binding_sha256}</code>
          </p>
        </div>
      )}
      {maySign(session, shown, plan) && (
        <Button
          look="primary"
          className="mt-3 w-full"
          disabled={plan.blocked_by.length > 0}
          onClick={() => setSigning(true)}
        >
          {t("sign")}
        </Button>
      )}
      {isSigning && <SignDialog case={shown} plan={plan} onClose={() => setSigning(false)} />}
    </Section>
  );
}
