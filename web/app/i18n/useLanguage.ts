import type { Language } from "@teleneedle/protocol";
import { useTranslation } from "react-i18next";

export type { Language };

export function useLanguage(): Language {
  return useTranslation().i18n.language === "en" ? "en" : "zh";
}
