import type { Language } from "@teleneedle/protocol";
import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { allWords, type Namespace } from "./words";

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "shell";
    resources: { [N in Namespace]: (typeof allWords)[N]["zh"] };
  }
}

const STORED = "teleneedle.language";

const of = (language: Language) =>
  Object.fromEntries(Object.entries(allWords).map(([name, words]) => [name, words[language]]));

function firstLanguage(): Language {
  const stored = localStorage.getItem(STORED);
  if (stored === "zh" || stored === "en") return stored;
  return navigator.language.startsWith("zh") ? "zh" : "en";
}

export async function startLanguage(): Promise<void> {
  i18next.on("languageChanged", (language) => {
    document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  });
  await i18next.use(initReactI18next).init({
    lng: firstLanguage(),
    supportedLngs: ["zh", "en"],
    fallbackLng: false,
    defaultNS: "shell",
    resources: { zh: of("zh"), en: of("en") },
    interpolation: { escapeValue: false },
    returnNull: false,
  });
}

export function switchLanguage(language: Language): void {
  localStorage.setItem(STORED, language);
  void i18next.changeLanguage(language);
}

/** Takes the language of the person's account, unless one was chosen in this browser. */
export function adoptLocale(locale: string): void {
  if (!localStorage.getItem(STORED)) void i18next.changeLanguage(locale.startsWith("zh") ? "zh" : "en");
}
