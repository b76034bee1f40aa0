/** A text as the hub sends it: Chinese and English side by side. */
export interface Bilingual {
  zh: string;
  en: string;
}
export type Language = keyof Bilingual;
