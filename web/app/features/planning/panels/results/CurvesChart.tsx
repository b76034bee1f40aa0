import { useLanguage } from "@app/i18n/useLanguage";
import type { CurveQuantity, CurvesResult } from "@teleneedle/protocol";
import { arrayOf, type Container } from "@teleneedle/viewer";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Plot, type PlotLine } from "./Plot";
import { useResultArrays } from "./usePlanResults";

const COLOURS = ["#d55e00", "#56b4e9", "#f0e442", "#cc79a7", "#35b58a", "#e69f00"];
const DASHES = [undefined, [7, 4], [2, 3]] as const;

/** One chart for each quantity over time, with its spread and its limits. */
export function CurvesChart({ result }: { result: CurvesResult }) {
  const arrays = useResultArrays(result).data;
  const quantities = [...new Set(result.curves.map(({ quantity }) => quantity))];
  if (!arrays) return null;
  return quantities.map((quantity) => (
    <QuantityChart key={quantity} result={result} arrays={arrays} quantity={quantity} />
  ));
}

interface Props {
  result: CurvesResult;
  arrays: Container;
  quantity: CurveQuantity;
}

function QuantityChart({ result, arrays, quantity }: Props) {
  const { t } = useTranslation("results");
  const language = useLanguage();
  const { x, lines, limits } = useMemo(() => {
    const time = arrayOf(arrays, "time_s", "float32").values;
    const row = (name: string, n: number) =>
      arrayOf(arrays, name, "float32").values.subarray(n * time.length, (n + 1) * time.length);
    const lines: PlotLine[] = [];
    result.curves.forEach((curve, n) => {
      if (curve.quantity !== quantity) return;
      const dash = DASHES[lines.length % DASHES.length];
      lines.push({
        label: curve.name[language],
        colour: COLOURS[lines.length % COLOURS.length] ?? "#e7ecf3",
        values: row("p50", n),
        ...(dash ? { dash: [...dash] } : {}),
        ...(curve.has_band ? { band: { low: row("p10", n), high: row("p90", n) } } : {}),
      });
    });
    const limits = result.limits.filter((limit) => limit.quantity === quantity).map(({ value }) => value);
    return { x: time.map((s) => s / 60), lines, limits };
  }, [arrays, result, quantity, language]);
  return (
    <div data-testid={`curves-${quantity}`}>
      <Plot
        label={t("chart", {
          title: t(`quantities.${quantity}`),
          names: lines.map(({ label }) => label).join(", "),
        })}
        x={x}
        xLabel={t("time")}
        yLabel={t(`quantities.${quantity}`)}
        lines={lines}
        limits={limits}
      />
      {lines.some(({ band }) => band) && <p className="text-label text-quiet">{t("band")}</p>}
    </div>
  );
}
