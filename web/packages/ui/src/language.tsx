import type { Bilingual, Language } from "@teleneedle/protocol";
import { createContext, type ReactNode, useContext } from "react";

const Current = createContext<Language>("zh");

export function LanguageProvider({ language, children }: { language: Language; children: ReactNode }) {
  return <Current value={language}>{children}</Current>;
}

export const useLanguage = (): Language => useContext(Current);

/** Picks the reader's language out of a bilingual text; a plain string stays as it is. */
export function inLanguage(text: Bilingual | string | null | undefined, language: Language): string {
  if (!text) return "";
  return typeof text === "string" ? text : text[language] || text.en;
}

export function useText(): (text: Bilingual | string | null | undefined) => string {
  const language = useLanguage();
  return (text) => inLanguage(text, language);
}
