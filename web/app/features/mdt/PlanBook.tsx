import { hub } from "@app/hub/hub";
import { useLanguage } from "@app/i18n/useLanguage";
import { useQuery } from "@tanstack/react-query";
import { HubError, type PlanState } from "@teleneedle/protocol";
import { EmptyState, ErrorNote, Section } from "@teleneedle/ui";
import { useTranslation } from "react-i18next";

/** The plan book as it will be printed, in the reader's language. */
export function PlanBook({ plan }: { plan: PlanState }) {
  const { t } = useTranslation("mdt");
  const language = useLanguage();
  const address = `/api/plans/${plan.plan_sha256}/files/plan-${language}.pdf`;
  const book = useQuery({
    queryKey: ["plan-book", plan.plan_sha256, language],
    queryFn: async () => {
      const response = await hub.respond("GET", address);
      await response.body?.cancel();
      return true;
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
  const isMissing = book.error instanceof HubError && book.error.status === 404;
  return (
    <Section
      title={t("book")}
      actions={
        book.data && (
          <a href={address} target="_blank" rel="noreferrer" className="text-accent hover:underline">
            {t("openBook")}
          </a>
        )
      }
    >
      {book.data && (
        <iframe
          title={t("bookTitle")}
          src={`${address}#navpanes=0&view=FitH`}
          className="block h-[calc(100vh-230px)] min-h-[520px] w-full rounded border border-line bg-black"
        />
      )}
      {isMissing && <EmptyState title={t("bookMissing")} />}
      {!isMissing && <ErrorNote error={book.error} onRetry={() => void book.refetch()} />}
    </Section>
  );
}
