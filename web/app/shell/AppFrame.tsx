import { ReSignInDialog } from "@app/features/session";
import { switchLanguage } from "@app/i18n/i18n";
import { useLanguage } from "@app/i18n/useLanguage";
import { Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { Outlet, useNavigate } from "react-router";
import { useActions } from "./actions";
import { Footer } from "./Footer";
import { KeySheet } from "./KeySheet";
import { useKeyboard } from "./keyboard";
import { TopBar } from "./TopBar";

/** What surrounds every page: the bar on top, the page, the footer, and the keys. */
export function AppFrame() {
  const { t } = useTranslation("shell");
  const navigate = useNavigate();
  const language = useLanguage();
  const [isSheetOpen, setSheetOpen] = useState(false);
  useKeyboard();
  useActions([
    {
      id: "key-sheet",
      group: "general",
      label: t("actions.keySheet"),
      keys: ["?"],
      run: () => setSheetOpen(true),
    },
    {
      id: "go-cases",
      group: "general",
      label: t("actions.cases"),
      keys: ["Alt+1"],
      run: () => navigate("/cases"),
    },
    {
      id: "language",
      group: "general",
      label: t("actions.language"),
      keys: ["Alt+l"],
      run: () => switchLanguage(language === "zh" ? "en" : "zh"),
    },
  ]);
  return (
    <div className="flex h-full flex-col">
      <a
        href="#content"
        className="sr-only rounded bg-action px-3 py-1 focus:not-sr-only focus:absolute focus:top-2 focus:left-2 focus:z-50"
      >
        {t("skip")}
      </a>
      <TopBar onKeys={() => setSheetOpen(true)} />
      <div className="flex min-h-0 flex-1 flex-col">
        <Suspense>
          <Outlet />
        </Suspense>
      </div>
      <Footer />
      <KeySheet isOpen={isSheetOpen} onClose={() => setSheetOpen(false)} />
      <ReSignInDialog />
    </div>
  );
}
