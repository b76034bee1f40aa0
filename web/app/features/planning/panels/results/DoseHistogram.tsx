import type { DoseVolumeResult } from "@teleneedle/protocol";
import { arrayOf } from "@teleneedle/viewer";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Plot, type PlotLine } from "./Plot";
import { useResultArrays } from "./usePlanResults";

const COLOURS = ["#e69f00", "#56b4e9", "#cc79a7", "#f0e442", "#35b58a", "#d55e00"];
const FULL: [number, number] = [0, 100];

interface Props {
  result: DoseVolumeResult;
  labelOf: (name: string) => string;
}

/** Dose over volume, and the figures that are read off it. */
export function DoseHistogram({ result, labelOf }: Props) {
  const { t } = useTranslation("results");
  const arrays = useResultArrays(result).data;
  const shown = useMemo(() => {
    if (!arrays) return null;
    const dose = arrayOf(arrays, "dose_gy", "float32").values;
    const volumes = arrayOf(arrays, "volume_pct", "float32").values;
    const end = Math.max(
      2,
      dose.findIndex((gy) => gy > 3 * result.prescription_gy),
    );
    const lines: PlotLine[] = result.structures.map(({ name }, n) => ({
      label: labelOf(name),
      colour: COLOURS[n % COLOURS.length] ?? "#e7ecf3",
      values: volumes.subarray(n * dose.length, n * dose.length + end),
    }));
    return { dose: dose.subarray(0, end), lines };
  }, [arrays, result, labelOf]);
  return (
    <div data-testid="dvh">
      {shown && (
        <Plot
          label={t("chart", {
            title: t("volumeAxis"),
            names: shown.lines.map(({ label }) => label).join(", "),
          })}
          x={shown.dose}
          xLabel={t("doseAxis")}
          yLabel={t("volumeAxis")}
          lines={shown.lines}
          yRange={FULL}
        />
      )}
      <p className="text-label text-quiet">{t("prescription", { gy: result.prescription_gy })}</p>
      <table className="w-full text-right tabular-nums">
        <thead className="text-label text-quiet">
          <tr>
            <th className="text-left font-normal">{t("structure")}</th>
            <th className="font-normal">D90 Gy</th>
            <th className="font-normal">V100 %</th>
            <th className="font-normal">V150 %</th>
          </tr>
        </thead>
        <tbody>
          {result.readouts.map((readout) => (
            <tr key={readout.structure} data-testid={`readout-${readout.structure}`}>
              <th className="text-left font-normal">{labelOf(readout.structure)}</th>
              <td>{readout.d90_gy.toFixed(1)}</td>
              <td>{readout.v100_pct.toFixed(1)}</td>
              <td>{readout.v150_pct.toFixed(1)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
