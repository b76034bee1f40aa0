import { type Affine, applyToPoint, invert, spacing } from "@teleneedle/geometry";
import { DistanceField, Labels, Mask, type Shape, Volume } from "@teleneedle/viewer";

/** A ball in the patient, mm. */
export interface Ball {
  readonly centre: readonly [number, number, number];
  readonly radiusMm: number;
  readonly hu: number;
  readonly colour: readonly [number, number, number];
}

export const SHAPE: Shape = [224, 512, 512];
export const AFFINE: Affine = [0.75, 0, 0, -192, 0, 0.75, 0, -192, 0, 0, 1.25, -140, 0, 0, 0, 1];

/** Liver, tumour, vessels and bones as balls: 12 structures, some inside one another. */
export const BALLS: readonly Ball[] = [
  { centre: [-50, 0, 0], radiusMm: 75, hu: 110, colour: [204, 121, 167] },
  { centre: [60, 20, 0], radiusMm: 40, hu: 90, colour: [0, 158, 115] },
  { centre: [-60, -10, 5], radiusMm: 18, hu: 60, colour: [230, 159, 0] },
  { centre: [-30, 30, 10], radiusMm: 12, hu: 180, colour: [0, 114, 178] },
  { centre: [-20, -30, -20], radiusMm: 10, hu: 190, colour: [86, 180, 233] },
  { centre: [0, 90, 0], radiusMm: 22, hu: 600, colour: [232, 226, 208] },
  { centre: [-120, -60, 20], radiusMm: 9, hu: 500, colour: [232, 226, 208] },
  { centre: [-130, 10, -30], radiusMm: 9, hu: 500, colour: [232, 226, 208] },
  { centre: [10, 60, 20], radiusMm: 11, hu: 250, colour: [213, 94, 0] },
  { centre: [-80, 60, -50], radiusMm: 30, hu: 70, colour: [0, 158, 115] },
  { centre: [20, -60, 40], radiusMm: 25, hu: -60, colour: [153, 153, 153] },
  { centre: [-40, -70, -60], radiusMm: 20, hu: 20, colour: [240, 228, 66] },
];

export const phantomVolume = (): Volume => {
  const [K, J, I] = SHAPE;
  const data = new Int16Array(K * J * I);
  let noise = 12345;
  for (let k = 0, at = 0; k < K; k++) {
    for (let j = 0; j < J; j++) {
      for (let i = 0; i < I; i++, at++) {
        noise = (Math.imul(noise, 1103515245) + 12345) >>> 0;
        const body = ((i - 256) / 235) ** 2 + ((j - 256) / 190) ** 2 < 1;
        data[at] = (body ? 40 : -1000) + ((noise >>> 16) % 41) - 20;
      }
    }
  }
  for (const ball of BALLS) {
    ballMask(ball).visit((k, j, i) => {
      const at = (k * J + j) * I + i;
      data[at] = ball.hu + ((at * 7919) % 31) - 15;
    });
  }
  return new Volume(SHAPE, AFFINE, data);
};

/** The voxels of a ball on a grid that lies along the patient's axes. */
export function ballMask(ball: Pick<Ball, "centre" | "radiusMm">, shape: Shape = SHAPE, affine: Affine = AFFINE): Mask {
  const [ci, cj, ck] = applyToPoint(invert(affine), ball.centre);
  const [iMm, jMm, kMm] = spacing(affine);
  const reach = (mm: number) => Math.ceil(ball.radiusMm / mm) + 1;
  const [ri, rj, rk] = [reach(iMm), reach(jMm), reach(kMm)];
  const clip = (c: number, r: number, n: number): [number, number] => {
    const low = Math.max(0, Math.floor(c - r));
    return [low, Math.min(n, Math.ceil(c + r)) - low];
  };
  const [k0, dk] = clip(ck, rk, shape[0]);
  const [j0, dj] = clip(cj, rj, shape[1]);
  const [i0, di] = clip(ci, ri, shape[2]);
  const mask = new Mask({ start: [k0, j0, i0], shape: [dk, dj, di] });
  for (let k = k0; k < k0 + dk; k++) {
    for (let j = j0; j < j0 + dj; j++) {
      for (let i = i0; i < i0 + di; i++) {
        const [x, y, z] = [(i - ci) * iMm, (j - cj) * jMm, (k - ck) * kMm];
        if (x * x + y * y + z * z <= ball.radiusMm ** 2) mask.put(k, j, i, true);
      }
    }
  }
  return mask;
}

export function phantomLabels(): Labels {
  const labels = new Labels(SHAPE, AFFINE);
  BALLS.forEach((ball, n) => labels.setMask(n + 1, ballMask(ball)));
  return labels;
}

/** Distance fields of the structures on a 2 mm grid around each, exact to 40 mm. */
export const phantomDistances = (): DistanceField[] =>
  BALLS.map((ball) => {
    const half = Math.ceil((ball.radiusMm + 40) / 2);
    const n = 2 * half + 1;
    const values = new Int16Array(n * n * n);
    for (let k = 0, at = 0; k < n; k++) {
      for (let j = 0; j < n; j++) {
        for (let i = 0; i < n; i++, at++) {
          const r = 2 * Math.hypot(i - half, j - half, k - half);
          values[at] = Math.round(Math.min(40, r - ball.radiusMm) / 0.05);
        }
      }
    }
    const [x, y, z] = ball.centre.map((c) => c - 2 * half) as [number, number, number];
    return new DistanceField([n, n, n], [2, 0, 0, x, 0, 2, 0, y, 0, 0, 2, z, 0, 0, 0, 1], values);
  });
