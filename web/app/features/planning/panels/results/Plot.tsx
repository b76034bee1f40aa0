import { useEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";

export interface PlotLine {
  readonly label: string;
  readonly colour: string;
  readonly values: ArrayLike<number>;
  readonly dash?: number[];
  /** Spread around the line. */
  readonly band?: { readonly low: ArrayLike<number>; readonly high: ArrayLike<number> };
}

interface Props {
  /** What the picture shows, for those who do not see it. */
  label: string;
  x: ArrayLike<number>;
  xLabel: string;
  yLabel: string;
  lines: readonly PlotLine[];
  /** A value that is not to be passed. */
  limits?: readonly number[];
  yRange?: [number, number];
}

const HEIGHT = 170;
const INK = "#8d99ab";
const GRID = { stroke: "#232b37", width: 1 };
const FONT = "11px system-ui, 'Noto Sans SC', 'Noto Sans CJK SC', sans-serif";

/** Lines over a common axis, with a legend in words below. */
export function Plot({ label, x, xLabel, yLabel, lines, limits = [], yRange }: Props) {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const place = host.current;
    if (!place) return;
    const data: uPlot.AlignedData = [Array.from(x)];
    const series: uPlot.Series[] = [{}];
    const bands: uPlot.Band[] = [];
    const add = (values: ArrayLike<number>, look: uPlot.Series) => {
      data.push(Array.from(values));
      series.push({ points: { show: false }, ...look });
      return series.length - 1;
    };
    for (const { band, colour, dash, values } of lines) {
      if (band) {
        const high = add(band.high, { stroke: "transparent" });
        const low = add(band.low, { stroke: "transparent" });
        bands.push({ series: [high, low], fill: `${colour}33` });
      }
      add(values, { stroke: colour, width: 1.75, ...(dash ? { dash } : {}) });
    }
    for (const limit of limits)
      add(
        Array.from(x, () => limit),
        { stroke: "#e69f00", width: 1, dash: [4, 3] },
      );
    const axis = { stroke: INK, grid: GRID, ticks: GRID, font: FONT, labelFont: FONT, labelSize: 16 };
    const plot = new uPlot(
      {
        width: place.clientWidth,
        height: HEIGHT,
        legend: { show: false },
        cursor: { show: false },
        scales: { x: { time: false }, ...(yRange ? { y: { range: yRange } } : {}) },
        axes: [
          { ...axis, label: xLabel, size: 26 },
          { ...axis, label: yLabel, size: 38 },
        ],
        series,
        bands,
      },
      data,
      place,
    );
    const observer = new ResizeObserver(() => plot.setSize({ width: place.clientWidth, height: HEIGHT }));
    observer.observe(place);
    return () => {
      observer.disconnect();
      plot.destroy();
    };
  }, [x, xLabel, yLabel, lines, limits, yRange]);
  return (
    <figure className="my-1">
      <div ref={host} role="img" aria-label={label} />
      <figcaption>
        <ul className="flex flex-wrap gap-x-3 text-label text-quiet">
          {lines.map((line) => (
            <li key={line.label} className="flex items-center gap-1">
              <svg width="18" height="6" aria-hidden="true">
                <line
                  x1="0"
                  x2="18"
                  y1="3"
                  y2="3"
                  stroke={line.colour}
                  strokeWidth="2"
                  strokeDasharray={line.dash?.join(" ")}
                />
              </svg>
              {line.label}
            </li>
          ))}
        </ul>
      </figcaption>
    </figure>
  );
}
