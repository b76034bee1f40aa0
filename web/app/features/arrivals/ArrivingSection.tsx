import { Section } from "@teleneedle/ui";
import { useTranslation } from "react-i18next";
import { ArrivalRow } from "./ArrivalRow";
import { isOpen, useCaseArrivals } from "./arrivalQueries";

/** Series on their way into a case; nothing while none is. */
export function ArrivingSection({ caseId }: { caseId: string }) {
  const { t } = useTranslation("arrivals");
  const arrivals = (useCaseArrivals(caseId).data ?? []).filter(isOpen);
  if (arrivals.length === 0) return null;
  return (
    <Section title={t("title")}>
      <ul data-testid="arriving">
        {arrivals.map((arrival) => (
          <ArrivalRow key={arrival.id} arrival={arrival} />
        ))}
      </ul>
    </Section>
  );
}
