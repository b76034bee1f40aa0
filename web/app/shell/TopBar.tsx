import { useSessionState } from "@app/hub/useSession";
import { switchLanguage } from "@app/i18n/i18n";
import { useLanguage } from "@app/i18n/useLanguage";
import { Button, classNames } from "@teleneedle/ui";
import { useTranslation } from "react-i18next";
import { NavLink } from "react-router";
import { AccountMenu } from "./AccountMenu";

export const linkLook = ({ isActive }: { isActive: boolean }) =>
  classNames("rounded px-2.5 py-1 hover:bg-raised", isActive ? "bg-raised text-ink" : "text-quiet");

/** The bar on top of every page: product, main places, language, keys, account. */
export function TopBar({ onKeys }: { onKeys: () => void }) {
  const { t } = useTranslation("shell");
  const language = useLanguage();
  const state = useSessionState();
  const isAdmin = "session" in state && state.session.memberships.some(({ role }) => role === "admin");
  return (
    <header className="flex h-10 shrink-0 items-center gap-3 border-b border-line bg-panel px-4">
      <span className="font-semibold">{t("product")}</span>
      {"session" in state && (
        <nav aria-label={t("nav.label")} className="flex gap-1">
          <NavLink to="/cases" className={linkLook}>
            {t("nav.cases")}
          </NavLink>
          {isAdmin && (
            <NavLink to="/admin" className={linkLook}>
              {t("nav.admin")}
            </NavLink>
          )}
        </nav>
      )}
      <span className="flex-1" />
      <Button look="quiet" onClick={onKeys} className="max-sm:hidden">
        <kbd className="rounded border border-line px-1 font-sans text-label">?</kbd>
        {t("keys")}
      </Button>
      <Button
        look="quiet"
        title={t("language")}
        lang={language === "zh" ? "en" : "zh-CN"}
        onClick={() => switchLanguage(language === "zh" ? "en" : "zh")}
      >
        {t("languageShort")}
      </Button>
      {"session" in state && <AccountMenu session={state.session} />}
    </header>
  );
}
