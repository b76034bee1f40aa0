import { useFormat } from "@app/i18n/useFormat";
import type { Arrival } from "@teleneedle/protocol";
import { useText } from "@teleneedle/ui";
import { useTranslation } from "react-i18next";
import { secondsLeft } from "./arrivalFigures";

/** How many slices, how fast, how long still, which organs: in words. */
export function useArrivalText() {
  const { t } = useTranslation("arrivals");
  const format = useFormat();
  const text = useText();
  const duration = (seconds: number) =>
    seconds < 90
      ? t("seconds", { count: Math.max(1, Math.round(seconds)) })
      : t("minutes", { count: Math.round(seconds / 60) });
  return {
    title: ({ description, modality }: Arrival) =>
      [description || t("unnamed"), modality].filter(Boolean).join(" · "),
    slices: ({ instances: { expected, known, verified } }: Arrival) =>
      expected === null
        ? t("slicesOpen", { have: verified, of: known })
        : t("slices", { have: verified, of: expected }),
    organs: ({ early, modality }: Arrival) => {
      if (!early) return t(modality === "CT" ? "early.later" : "structuresLater");
      const found = early.structures.map(({ label }) => text(label)).join(" · ");
      if (early.state === "computing") return found ? t("early.soFar", { found }) : t("early.looking");
      return found ? t("early.found", { found }) : t("early.nothing");
    },
    speed: (arrival: Arrival) => {
      const left = secondsLeft(arrival);
      const rate = arrival.bytes_per_s && t("rate", { rate: format.bytes(arrival.bytes_per_s) });
      return [rate, left !== null && t("left", { time: duration(left) })].filter(Boolean).join(" · ");
    },
  };
}
