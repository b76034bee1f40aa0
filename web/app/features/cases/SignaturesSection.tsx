import { useFormat } from "@app/i18n/useFormat";
import type { Case } from "@teleneedle/protocol";
import { Fact, Section, StateMark } from "@teleneedle/ui";
import { useTranslation } from "react-i18next";

/** Who has signed which version, and what the approval binds. */
export function SignaturesSection({ case: shown }: { case: Case }) {
  const { t } = useTranslation(["cases", "session"]);
  const format = useFormat();
  if (shown.signatures.length === 0) return null;
  const version = (sha256: string) => shown.plans.find((plan) => plan.plan_sha256 === sha256)?.version ?? "?";
  return (
    <Section title={t("signatures.title")}>
      <dl>
        {shown.signatures.map((signature) => (
          <Fact
            key={`${signature.plan_sha256}-${signature.role}`}
            name={`v${version(signature.plan_sha256)} · ${
              signature.role === "operator" ? t("session:roles.operator") : t("session:roles.expert")
            }`}
          >
            {signature.person.name}
            <span className="block text-label text-quiet">{format.dateTime(signature.at)}</span>
          </Fact>
        ))}
      </dl>
      {shown.approval && (
        <div className="mt-2">
          <StateMark mark="ok">{t("signatures.approvedAt")}</StateMark>
          <p className="text-label text-quiet">
            {t("signatures.binding")}{" "}
            <code className="font-mono break-all">{shown.approval.binding_sha256}</code>
          </p>
        </div>
      )}
    </Section>
  );
}
