import { type Affine, lps } from "@teleneedle/geometry";
import {
  chooseRenderer,
  Labels,
  loadScene3d,
  type Mask,
  type Pane,
  readContainer,
  type Scene3d,
  type Shape,
  type Structure,
  Volume,
  warmUpReslicer,
  Workspace,
  writeContainer,
} from "@teleneedle/viewer";
import { SphereGeometry } from "three";
import { BALLS, ballMask } from "./phantom";
import { assertDrawn, pixelsOf2d } from "./pixels";

const SHAPE: Shape = [500, 512, 512];
const AFFINE: Affine = [0.75, 0, 0, -192, 0, 0.75, 0, -192, 0, 0, 1, -250, 0, 0, 0, 1];
/** Twenty structures: the body, those of the other page, and seven more. */
const STRUCTURES = [
  { centre: [0, 0, 0], radiusMm: 180, colour: [120, 120, 120] } as const,
  ...BALLS,
  ...Array.from({ length: 7 }, (_, n) => {
    const centre = [-90 + 30 * n, 40, 90 - 20 * n] as const;
    return { centre, radiusMm: 14 + n, colour: [200, 40 + 25 * n, 90] as const };
  }),
];
const KINDS = ["axial", "coronal", "sagittal"] as const;

const styles: Structure[] = STRUCTURES.map(({ colour }, n) => ({
  id: n + 1,
  name: `structure ${n + 1}`,
  colour,
  fill: n === 0 ? 0 : 0.25,
  outline: 1,
  visible: true,
}));
const host = document.getElementById("panes") as HTMLElement;
const div = () => host.appendChild(document.createElement("div"));
const frame = () => new Promise<number>(requestAnimationFrame);

/** A slice of noise in an ellipse of tissue; every slice of the volume is one of a few of them. */
function sliceOf(seed: number): Int16Array {
  const [, J, I] = SHAPE;
  const slice = new Int16Array(J * I);
  let noise = seed;
  for (let n = 0; n < slice.length; n++) {
    noise = (Math.imul(noise, 1103515245) + 12345) >>> 0;
    const isBody = (((n % I) - 256) / 235) ** 2 + (((n / I) - 256) / 190) ** 2 < 1;
    slice[n] = (isBody ? 40 : -1000) + ((noise >>> 16) % 41) - 20;
  }
  return slice;
}
const slices = [1, 2, 3, 4].map(sliceOf);

function volume(): Volume {
  const data = new Int16Array(SHAPE[0] * SHAPE[1] * SHAPE[2]);
  for (let k = 0; k < SHAPE[0]; k++) data.set(slices[k % slices.length] as Int16Array, k * SHAPE[1] * SHAPE[2]);
  return new Volume(SHAPE, AFFINE, data);
}

const masks: Mask[] = STRUCTURES.map((ball) => ballMask(ball, SHAPE, AFFINE));
function labels(): Labels {
  const made = new Labels(SHAPE, AFFINE);
  masks.forEach((mask, n) => made.setMask(n + 1, mask));
  return made;
}

/** Surfaces as the hub sends them. Made once: what making them leaves behind is not the viewer's. */
const surfaces: ArrayBuffer[] = STRUCTURES.map(({ radiusMm, centre: [x, y, z] }) => {
  const made = new SphereGeometry(radiusMm, 64, 48).translate(x, y, z);
  const values = (name: string) => ({
    shape: [made.getAttribute(name).count, 3],
    values: made.getAttribute(name).array as Float32Array,
  });
  const faces = Uint32Array.from(made.index?.array ?? []);
  return writeContainer({
    vertices: values("position"),
    normals: values("normal"),
    faces: { shape: [faces.length / 3, 3], values: faces },
  });
});

/** Every surface in memory of its own, as an answer of the hub is. */
function addSurfaces(scene: Scene3d): void {
  surfaces.forEach((bytes, n) => scene.setSurface(n + 1, readContainer(bytes.slice(0))));
}

interface Patient {
  readonly workspace: Workspace;
  readonly labels: Labels;
  readonly panes: readonly Pane[];
  readonly scene: Scene3d;
}
let patient: Patient | null = null;

/** Open the patient in three planes and in 3-D, everything made anew. */
async function open(): Promise<void> {
  const Scene = await loadScene3d();
  host.replaceChildren();
  const workspace = new Workspace({ renderer: chooseRenderer(), start: { structures: styles } });
  const panes = KINDS.map((kind) => workspace.attachPane(div(), kind));
  const shown = labels();
  workspace.setVolume(volume());
  workspace.setLabels(shown);
  workspace.setCursor(lps(-50, 0, 0));
  const scene = new Scene(div());
  addSurfaces(scene);
  scene.follow(workspace.store, () => 0.5);
  scene.frame(lps(0, 0, 0), 200);
  workspace.render();
  scene.render();
  patient = { workspace, labels: shown, panes, scene };
  await frame();
}

/** Throws unless every pane of the open patient shows it. */
function check(): void {
  if (!patient) throw new Error("no patient is open");
  patient.panes.forEach((pane, n) => assertDrawn(pixelsOf2d(pane.canvas), `pane ${n}`));
}

function close(): void {
  patient?.scene.dispose();
  patient?.workspace.dispose();
  patient?.labels.dispose();
  patient = null;
  host.replaceChildren();
}

async function reopen(times: number): Promise<void> {
  for (let n = 0; n < times; n++) {
    await open();
    close();
    await frame();
  }
}

/** Give back what nobody uses any more. */
async function collect(): Promise<void> {
  for (let n = 0; n < 4; n++) {
    (globalThis as { gc?: () => void }).gc?.();
    await new Promise((done) => setTimeout(done, 100));
  }
}

const bench = { open, check, close, reopen, collect };
declare global {
  interface Window {
    memoryBench: typeof bench;
  }
}
warmUpReslicer();
window.memoryBench = bench;
