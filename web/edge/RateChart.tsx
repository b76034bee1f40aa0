import { formatBytes } from "@app/i18n/useFormat";

const WIDTH = 60;
const HEIGHT = 16;

/** The rate of the last minute as a small curve with its highest value, bytes/s. */
export function RateChart({ rates, label }: { rates: number[]; label: string }) {
  const most = Math.max(...rates, 1);
  const first = WIDTH - rates.length;
  const points = rates.map((rate, n) => `${first + n},${(HEIGHT - (HEIGHT - 1) * (rate / most)).toFixed(2)}`);
  const peak = formatBytes(Math.max(...rates, 0));
  return (
    <figure className="my-2">
      <svg
        role="img"
        aria-label={`${label}: ≤ ${peak}/s`}
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        className="block h-16 w-full rounded border border-line bg-ground"
      >
        <polyline
          points={points.join(" ")}
          fill="none"
          className="stroke-accent"
          strokeWidth="1.5"
          vectorEffect="non-scaling-stroke"
        />
      </svg>
      <figcaption className="mt-1 flex justify-between text-label text-quiet">
        <span>{label}</span>
        <span>≤ {peak}/s</span>
      </figcaption>
    </figure>
  );
}
