import { dot, type Lps, lps, move, normalize, scale, subtract } from "@teleneedle/geometry";
import type { Needle, Zone } from "@teleneedle/viewer";
import type {
  DeviceZone,
  PlanAlternative,
  PlanApplication,
  PlanDocument,
  PlanNeedle,
  Point,
} from "../planDocument";

/** One delivery of energy, as the hub wants it back: how far the needle is drawn back from its tip, and the setting. */
export interface DraftApplication {
  readonly needle: string;
  readonly tipBackMm: number;
  readonly powerW: number;
  readonly timeS: number;
}

export interface Draft {
  readonly needles: readonly Needle[];
  readonly applications: readonly DraftApplication[];
}

/** Outer diameters of the needle gauges, mm. */
const DIAMETERS_MM: Readonly<Record<number, number>> = {
  13: 2.41,
  14: 2.11,
  15: 1.83,
  16: 1.65,
  17: 1.47,
  18: 1.27,
  19: 1.07,
  20: 0.91,
  21: 0.82,
  22: 0.72,
};

export const radiusOfGauge = (gauge: number | string): number =>
  (DIAMETERS_MM[Math.round(Number.parseFloat(String(gauge)))] ?? 1.65) / 2;

export const point = (p: Point): Lps => lps(p[0], p[1], p[2]);

function needleOf(needle: PlanNeedle, gauge: number | string): Needle {
  return {
    id: needle.id,
    label: needle.id,
    entry: point(needle.entry_lps),
    tip: point(needle.tip_lps),
    radiusMm: radiusOfGauge(gauge),
  };
}

function applicationOf(application: PlanApplication, needles: readonly PlanNeedle[]): DraftApplication {
  const own = needles.find((needle) => needle.id === application.needle);
  const back = own
    ? dot(subtract(point(own.tip_lps), point(application.tip_lps)), normalize(application.axis))
    : 0;
  return {
    needle: application.needle,
    tipBackMm: Math.max(0, Math.round(back * 100) / 100),
    powerW: application.power_w,
    timeS: application.time_s,
  };
}

/** A plan, or one of its alternatives, as something that can be edited. */
export function draftOf(plan: PlanDocument, chosen: PlanAlternative | PlanDocument = plan): Draft {
  return {
    needles: chosen.needles.map((needle) => needleOf(needle, plan.device.gauge)),
    applications: chosen.applications.map((application) => applicationOf(application, chosen.needles)),
  };
}

export const settingKey = (powerW: number, timeS: number): string => `${powerW}:${timeS}`;

/** Zones that a plan states, by setting: what the device's table gave when it was made. */
export function zonesStated(plan: PlanDocument): Map<string, DeviceZone> {
  const all = [...plan.applications, ...plan.alternatives.flatMap((alternative) => alternative.applications)];
  return new Map(
    all.map(({ power_w, time_s, zone }) => [
      settingKey(power_w, time_s),
      { p10: zone.p10, p50: { long_mm: zone.long_mm, short_mm: zone.short_mm }, p90: zone.p90 },
    ]),
  );
}

/** The zones of a draft; an application whose setting has no known zone makes none. */
export function zonesOf(draft: Draft, known: ReadonlyMap<string, DeviceZone>, tipToCentreMm: number): Zone[] {
  return draft.applications.flatMap((application, n) => {
    const needle = draft.needles.find((one) => one.id === application.needle);
    const zone = known.get(settingKey(application.powerW, application.timeS));
    if (!needle || !zone) return [];
    const axis = normalize(subtract(needle.tip, needle.entry));
    const centre = move(needle.tip, scale(axis, -1), application.tipBackMm + tipToCentreMm);
    const axes = ({ long_mm, short_mm }: DeviceZone["p50"]) => ({ longMm: long_mm, shortMm: short_mm });
    return [
      {
        id: `${needle.id}-${n + 1}`,
        needleId: needle.id,
        centre,
        axis,
        p10: axes(zone.p10),
        p50: axes(zone.p50),
        p90: axes(zone.p90),
      },
    ];
  });
}

const rounded = (p: Lps) => p.map((c) => Math.round(c * 1000) / 1000) as Point;

/** The draft as the evaluation route takes it. */
export function draftBody(draft: Draft) {
  return {
    needles: draft.needles.map(({ id, entry, tip }) => ({
      id,
      entry_lps: rounded(entry),
      tip_lps: rounded(tip),
    })),
    applications: draft.applications.map(({ needle, tipBackMm, powerW, timeS }) => ({
      needle,
      tip_back_mm: tipBackMm,
      power_w: powerW,
      time_s: timeS,
    })),
  };
}

export const isSameDraft = (a: Draft, b: Draft): boolean =>
  JSON.stringify(draftBody(a)) === JSON.stringify(draftBody(b));

/** How far behind the tip the zone's middle lies, mm, read off a plan when the device is not known here. */
export function statedTipToCentre(plan: PlanDocument | null): number {
  const first = plan?.applications[0];
  if (!first) return 0;
  const [c, t] = [first.centre_lps, first.tip_lps];
  return Math.hypot(t[0] - c[0], t[1] - c[1], t[2] - c[2]);
}
