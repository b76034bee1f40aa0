import { useFormat } from "@app/i18n/useFormat";
import type { Arrival } from "@teleneedle/protocol";
import { Progress } from "@teleneedle/ui";
import { useTranslation } from "react-i18next";
import { layerBars } from "./arrivalFigures";

/** A bar for each layer: how much of the series can be seen, and how finely. */
export function LayerBars({ arrival }: { arrival: Arrival }) {
  const { t } = useTranslation("arrivals");
  const format = useFormat();
  return (
    <ul className="grid gap-x-4 gap-y-1 sm:grid-cols-[repeat(auto-fit,minmax(150px,1fr))]">
      {layerBars(arrival).map(({ layer, have, of, fraction }) => (
        <li key={layer} data-testid={`layer-${layer}`}>
          <p className="flex justify-between gap-2 text-label text-quiet">
            <span>{t(`layer.${layer}`)}</span>
            <span className="whitespace-nowrap tabular-nums">
              {format.bytes(have)} / {format.bytes(of)}
            </span>
          </p>
          <Progress label={t(`layer.${layer}`)} fraction={fraction} />
        </li>
      ))}
    </ul>
  );
}
