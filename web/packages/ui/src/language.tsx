import type { Bilingual, Language } from "@teleneedle/protocol";
import { createContext, type ReactNode, useContext } from "react";

const Current = createContext<Language>("zh");

export function LanguageProvider({ language, children }: { language: Language; children: ReactNode }) {
  return <Current value={language}>{children}</Current>;
}

export const useLanguage = (): Language => useContext(Current);

const HAN = /\p{Script=Han}/u;

/** The reader's half of "English / 中文", in whichever order they stand; any other string as it is. */
function ownHalf(text: string, language: Language): string {
  const at = text.indexOf(" / ");
  if (at < 0) return text;
  const halves = [text.slice(0, at), text.slice(at + 3)];
  const han = halves.filter((half) => HAN.test(half));
  if (han.length !== 1) return text;
  return (language === "zh" ? han[0] : halves.find((half) => !HAN.test(half))) ?? text;
}

/** Picks the reader's language out of what the hub says. */
export function inLanguage(text: Bilingual | string | null | undefined, language: Language): string {
  if (!text) return "";
  return typeof text === "string"
    ? text
        .split("\n")
        .map((line) => ownHalf(line, language))
        .join("\n")
    : text[language] || text.en;
}

export function useText(): (text: Bilingual | string | null | undefined) => string {
  const language = useLanguage();
  return (text) => inLanguage(text, language);
}
