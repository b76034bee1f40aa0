import { useLanguage } from "@app/i18n/useLanguage";
import { LanguageProvider, ToastRegion } from "@teleneedle/ui";
import { RouterProvider } from "react-router/dom";
import { router } from "./router";

export function App() {
  return (
    <LanguageProvider language={useLanguage()}>
      <RouterProvider router={router} />
      <ToastRegion />
    </LanguageProvider>
  );
}
