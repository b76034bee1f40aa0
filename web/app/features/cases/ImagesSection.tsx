import { isoDate } from "@app/i18n/isoDate";
import type { Case } from "@teleneedle/protocol";
import { Button, EmptyState, Section, StateMark, useText } from "@teleneedle/ui";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";

export function ImagesSection({ case: shown, mayUpload }: { case: Case; mayUpload: boolean }) {
  const { t } = useTranslation("cases");
  const text = useText();
  const navigate = useNavigate();
  const upload = mayUpload && (
    <Button look={shown.series.length === 0 ? "primary" : "plain"} onClick={() => navigate("upload")}>
      {t("images.upload")}
    </Button>
  );
  if (shown.series.length === 0)
    return (
      <Section title={t("images.title")}>
        <EmptyState title={t("images.none")} action={upload}>
          {t("images.noneText")}
        </EmptyState>
      </Section>
    );
  return (
    <Section title={t("images.title")} actions={upload}>
      <ul>
        {shown.series.map((series) => (
          <li key={series.id} className="border-b border-line/70 py-1.5 first:pt-0 last:border-b-0 last:pb-0">
            <div className="flex items-baseline justify-between gap-4">
              <span>{series.description || series.id}</span>
              <span className="flex gap-4 text-quiet">
                {series.study_date && <span>{isoDate(series.study_date)}</span>}
                {series.shape && <span>{t("images.slices", { count: series.shape[0] })}</span>}
                {series.is_primary && <StateMark mark="ok">{t("images.primary")}</StateMark>}
              </span>
            </div>
            {series.warnings?.map((warning) => (
              <p key={warning.en} className="text-label">
                <StateMark mark="warn">{text(warning)}</StateMark>
              </p>
            ))}
          </li>
        ))}
      </ul>
    </Section>
  );
}
