import { type Lps, move, type Vec3 } from "@teleneedle/geometry";
import type { Volume } from "@teleneedle/viewer";

const AIR_HU = -400;
const STEP_MM = 1;
/** So much air on the way out means that the body has ended, not that a lung or bowel is crossed. */
const OUTSIDE_MM = 60;

/** Where the way from `from` along `direction` leaves the body, or null when the image ends before. */
function exitAlong(
  volume: Volume,
  from: Lps,
  direction: Vec3,
  mostMm: number,
): { at: Lps; mm: number } | null {
  let skin = 0;
  for (let mm = 0; mm <= mostMm + OUTSIDE_MM; mm += STEP_MM) {
    const hu = volume.huAt(move(from, direction, mm));
    if (Number.isNaN(hu))
      return skin > 0 && mm - skin > 3 ? { at: move(from, direction, skin), mm: skin } : null;
    if (hu > AIR_HU) skin = mm;
    else if (mm - skin > OUTSIDE_MM) break;
  }
  return skin > 0 && skin <= mostMm ? { at: move(from, direction, skin), mm: skin } : null;
}

/** The nearest way to the skin in the axial plane; a start for a new needle, which is then moved by hand. */
export function nearestSkin(volume: Volume, from: Lps, mostMm: number): Lps | null {
  let best: { at: Lps; mm: number } | null = null;
  for (let degrees = 0; degrees < 360; degrees += 10) {
    const angle = (degrees * Math.PI) / 180;
    const found = exitAlong(volume, from, [Math.cos(angle), Math.sin(angle), 0], mostMm);
    if (found && (!best || found.mm < best.mm)) best = found;
  }
  return best?.at ?? null;
}
