import { type Language, useLanguage } from "./useLanguage";

const LOCALES: Record<Language, string> = { zh: "zh-CN", en: "en-GB" };

/** Dates and numbers as the reader writes them. */
export function useFormat() {
  const locale = LOCALES[useLanguage()];
  return {
    dateTime: (iso: string) =>
      new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" }).format(new Date(iso)),
    date: (iso: string) => new Intl.DateTimeFormat(locale, { dateStyle: "medium" }).format(new Date(iso)),
    number: (value: number, digits = 1) =>
      new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(
        value,
      ),
    bytes: (count: number) => formatBytes(count),
  };
}

export function formatBytes(count: number): string {
  const units = ["B", "kB", "MB", "GB"];
  let value = count;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}
