import { Button, EmptyState, ErrorNote } from "@teleneedle/ui";
import { useTranslation } from "react-i18next";
import { useNavigate, useRouteError } from "react-router";
import { Page } from "./Page";

export function NotFound() {
  const { t } = useTranslation("shell");
  const navigate = useNavigate();
  return (
    <Page title={t("notFoundTitle")}>
      <EmptyState
        title={t("notFoundText")}
        action={<Button onClick={() => navigate("/cases")}>{t("toCases")}</Button>}
      />
    </Page>
  );
}

export function PageFailed() {
  const { t } = useTranslation("shell");
  const error = useRouteError();
  return (
    <Page title={t("failedTitle")}>
      <ErrorNote
        error={error}
        actions={<Button onClick={() => window.location.reload()}>{t("reload")}</Button>}
      />
    </Page>
  );
}

/** The quiet line that stands in until the first answer is here. */
export function Loading() {
  const { t } = useTranslation("shell");
  return (
    <p role="status" className="px-6 py-8 text-quiet">
      {t("loading")}
    </p>
  );
}
