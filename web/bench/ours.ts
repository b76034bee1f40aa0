import { lps, type PlaneView, perpendicular, normalize, screen } from "@teleneedle/geometry";
import {
  chooseRenderer,
  clearancesOf,
  CpuReslicer,
  GlSlices,
  type Labels,
  loadScene3d,
  type Needle,
  type Pane,
  type Scene3d,
  Stroke,
  type Structure,
  stylesOf,
  TargetPoints,
  type ViewerState,
  type Volume,
  warmUpReslicer,
  Workspace,
  readContainer,
  writeContainer,
  type Zone,
} from "@teleneedle/viewer";
import { assertDrawn, pixelsOf2d } from "./pixels";
import { BALLS, phantomDistances, phantomLabels, phantomVolume } from "./phantom";
import { SphereGeometry } from "three";

const STRUCTURES: Structure[] = BALLS.map((ball, n) => ({
  id: n + 1,
  name: `structure ${n + 1}`,
  colour: ball.colour,
  fill: 0.25,
  outline: 1,
  visible: true,
}));
const NEEDLE: Needle = {
  id: "1",
  label: "1",
  entry: lps(-150, -80, 5),
  tip: lps(-60, -10, 5),
  radiusMm: 0.75,
};
const zoneAt = (tip: Needle["tip"]): Zone => ({
  id: "1",
  needleId: "1",
  centre: tip,
  axis: normalize([tip[0] + 150, tip[1] + 80, tip[2] - 5]),
  p10: { longMm: 38, shortMm: 30 },
  p50: { longMm: 44, shortMm: 34 },
  p90: { longMm: 50, shortMm: 38 },
});

const host = document.getElementById("panes") as HTMLElement;
const volume: Volume = phantomVolume();
const labels: Labels = phantomLabels();
const distances = phantomDistances();
const target = TargetPoints.fromMask(labels.maskOf(3) as NonNullable<ReturnType<Labels["maskOf"]>>, labels.affine);

const div = () => host.appendChild(document.createElement("div"));

interface Open {
  readonly workspace: Workspace;
  readonly panes: Pane[];
}

function open(kinds: readonly Pane["kind"][], from: Volume | null = volume): Open {
  host.replaceChildren();
  const start: Partial<ViewerState> = {
    structures: STRUCTURES,
    needles: [NEEDLE],
    zones: [zoneAt(NEEDLE.tip)],
    selectedNeedle: "1",
  };
  const workspace = new Workspace({ renderer: chooseRenderer(), start });
  const panes = kinds.map((kind) => workspace.attachPane(div(), kind));
  if (from) {
    workspace.setVolume(from);
    workspace.setLabels(labels);
  }
  return { workspace, panes };
}

const frame = () => new Promise<number>(requestAnimationFrame);

/** Read one pixel of every pane: nothing is counted as drawn before it is. */
const readBack = (panes: readonly Pane[]) => {
  for (const pane of panes) pane.canvas.getContext("2d")?.getImageData(0, 0, 1, 1);
};

async function timed(frames: number, panes: readonly Pane[], work: (n: number) => void): Promise<number[]> {
  const times: number[] = [];
  for (let n = -10; n < frames; n++) {
    const start = performance.now();
    work(n + 10);
    readBack(panes);
    if (n >= 0) times.push(performance.now() - start);
    await frame();
  }
  panes.forEach((pane, n) => assertDrawn(pixelsOf2d(pane.canvas), `pane ${n}`));
  return times;
}

async function axialScroll(frames: number): Promise<number[]> {
  const { workspace, panes } = open(["axial"]);
  const times = await timed(frames, panes, (n) => {
    workspace.setCursor(lps(-20, 0, -100 + ((n * 1.25) % 200)));
    workspace.render();
  });
  workspace.dispose();
  return times;
}

const PLANES = ["axial", "coronal", "sagittal", "in-line"] as const;

async function linkedPlanes(frames: number, count: 3 | 4 = 4): Promise<number[]> {
  const { workspace, panes } = open(PLANES.slice(0, count));
  const times = await timed(frames, panes, (n) => {
    workspace.store.setState({ rollDeg: n % 360 });
    workspace.setCursor(lps(-60 + (n % 80), -40 + (n % 90), -50 + (n % 100)));
    workspace.render();
  });
  workspace.dispose();
  return times;
}

/** A needle's tip is moved: every clearance, coverage and margin, and the planes that follow it. */
async function needleDrag(frames: number, with3d: boolean): Promise<number[]> {
  const { workspace, panes } = open(with3d ? ["axial", "in-line"] : ["axial", "in-line", "probe-eye"]);
  const scene = with3d ? await openScene(workspace) : null;
  const pixel = new Uint8Array(4);
  const times = await timed(frames, panes, (n) => {
    const tip = lps(-60 + 8 * Math.sin(n / 9), -10 + 8 * Math.cos(n / 7), 5);
    workspace.moveHandle("1", "tip", tip);
    const zone = zoneAt(tip);
    workspace.store.setState({ zones: [zone] });
    clearancesOf(distances, { ...NEEDLE, tip });
    target.coverage([{ centre: zone.centre, axis: zone.axis, ...zone.p50 }]);
    workspace.render();
    if (!scene) return;
    scene.renderMoving();
    const gl = scene.canvas.getContext("webgl2");
    gl?.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel);
  });
  scene?.dispose();
  workspace.dispose();
  return times;
}

async function openScene(workspace: Workspace): Promise<Scene3d> {
  const Scene = await loadScene3d();
  const scene = new Scene(div());
  BALLS.forEach((ball, n) => {
    const made = new SphereGeometry(ball.radiusMm, 64, 48).translate(...ball.centre);
    const values = (name: string) => ({
      shape: [made.getAttribute(name).count, 3],
      values: made.getAttribute(name).array as Float32Array,
    });
    const faces = Uint32Array.from(made.index?.array ?? []);
    const arrays = {
      vertices: values("position"),
      normals: values("normal"),
      faces: { shape: [faces.length / 3, 3], values: faces },
    };
    scene.setSurface(n + 1, readContainer(writeContainer(arrays)));
  });
  scene.follow(workspace.store, (structure) => (structure.id <= 2 ? 0.4 : 1));
  scene.frame(lps(-20, 0, 0), 150);
  return scene;
}

async function brush(frames: number): Promise<number[]> {
  const { workspace, panes } = open(["axial", "coronal", "sagittal"]);
  workspace.setCursor(lps(-60, -10, 5));
  const view = (panes[0] as Pane).view;
  const settings = { structure: 3, radiusMm: 8, ball: true, limits: null } as const;
  let stroke = new Stroke(labels, volume, settings, view, false);
  const times = await timed(frames, panes, (n) => {
    if (n % 60 === 0) stroke = new Stroke(labels, volume, settings, view, n % 120 === 0);
    stroke.lineTo(lps(-60 + 14 * Math.sin(n / 10), -10 + 14 * Math.cos(n / 10), 5));
    workspace.render();
  });
  workspace.dispose();
  return times;
}

/** From bytes in memory to three planes on the screen, labels included; the panes are there, as in the app. */
async function firstPicture(): Promise<number> {
  const { shape, data, affine } = volume;
  const bytes = writeContainer({ hu: { shape, values: data } });
  const { workspace, panes } = open(["axial", "coronal", "sagittal"], null);
  await frame();
  const start = performance.now();
  const values = readContainer(bytes).arrays.get("hu")?.values as Int16Array;
  workspace.setVolume(new (volume.constructor as typeof Volume)(shape, affine, values));
  workspace.setLabels(labels);
  workspace.render();
  readBack(panes);
  const took = performance.now() - start;
  panes.forEach((pane, n) => assertDrawn(pixelsOf2d(pane.canvas), `pane ${n}`));
  workspace.dispose();
  return took;
}

/** Largest difference, grey levels, between surfaces drawn with a needle and a needle drawn into their picture. */
async function stillAgreement(): Promise<number> {
  const { workspace } = open(["axial"]);
  const scene = await openScene(workspace);
  const gl = scene.canvas.getContext("webgl2") as WebGL2RenderingContext;
  const grab = () => {
    const pixels = new Uint8Array(4 * gl.drawingBufferWidth * gl.drawingBufferHeight);
    gl.readPixels(0, 0, gl.drawingBufferWidth, gl.drawingBufferHeight, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
    return pixels;
  };
  let worst = 0;
  for (const tip of [lps(-60, -10, 5), lps(-20, 30, 5), lps(40, 0, 40)]) {
    workspace.moveHandle("1", "tip", tip);
    workspace.store.setState({ zones: [zoneAt(tip)] });
    scene.render();
    const whole = grab();
    for (let n = 0; n < 2; n++) scene.renderMoving();
    const placed = grab();
    if (placed.length !== whole.length) return 255;
    for (let n = 0; n < whole.length; n++)
      worst = Math.max(worst, Math.abs((whole[n] ?? 0) - (placed[n] ?? 0)));
  }
  scene.dispose();
  workspace.dispose();
  return worst;
}

/** Time of the numbers alone, ms for one position of the needle. */
function numbers(): { clearances_ms: number; coverage_ms: number } {
  const zone = zoneAt(NEEDLE.tip);
  const time = (work: () => void) => {
    for (let n = 0; n < 50; n++) work();
    const start = performance.now();
    for (let n = 0; n < 200; n++) work();
    return (performance.now() - start) / 200;
  };
  return {
    clearances_ms: time(() => clearancesOf(distances, NEEDLE)),
    coverage_ms: time(() => target.coverage([{ centre: zone.centre, axis: zone.axis, ...zone.p50 }])),
  };
}

/** Largest difference between processor and card over random planes, grey levels; share of label pixels that differ. */
function agreement(planes: number): { card: string; grey: number; label_share: number } {
  const cpu = new CpuReslicer();
  const gl = new GlSlices();
  for (const renderer of [cpu, gl]) {
    renderer.setVolume(volume);
    renderer.setLabels(labels);
  }
  let state = 1;
  const draw = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296 - 0.5;
  };
  let [grey, different, seen] = [0, 0, 0];
  for (let n = 0; n < planes; n++) {
    const right = normalize([draw(), draw(), draw()]);
    const view: PlaneView = {
      origin: lps(draw() * 200, draw() * 200, draw() * 200),
      right,
      down: perpendicular([draw(), draw(), draw()], right),
      width: 256,
      height: 200,
      mmPerPixel: 0.8 + draw(),
    };
    const look = { view, window: { centre: 60, width: 150 + 400 * (draw() + 0.5) }, styles: stylesOf(STRUCTURES) };
    const pixels = (labelOpacity: number) => {
      const reference = new Uint8Array(cpu.render({ ...look, labelOpacity }).buffer.slice(0, 256 * 200 * 4));
      gl.render({ ...look, labelOpacity });
      return [reference, gl.readPixels(256, 200)] as const;
    };
    const [a, b] = pixels(0);
    for (let m = 0; m < b.length; m++) grey = Math.max(grey, Math.abs((a[m] ?? 0) - (b[m] ?? 0)));
    const [c, d] = pixels(1);
    for (let m = 0; m < d.length; m += 4) {
      seen++;
      if (Math.max(...[0, 1, 2].map((e) => Math.abs((c[m + e] ?? 0) - (d[m + e] ?? 0)))) > 2) different++;
    }
  }
  const { card } = gl;
  cpu.dispose();
  gl.dispose();
  return { card, grey, label_share: different / seen };
}

/** Heap after opening and closing the workspace many times, bytes. */
async function reopen(times: number): Promise<number> {
  for (let n = 0; n < times; n++) {
    const { workspace } = open(["axial", "coronal", "sagittal"]);
    workspace.render();
    await frame();
    workspace.dispose();
  }
  for (let n = 0; n < 4; n++) {
    (globalThis as { gc?: () => void }).gc?.();
    await new Promise((done) => setTimeout(done, 100));
  }
  const { memory } = performance as unknown as { memory?: { usedJSHeapSize: number } };
  return memory?.usedJSHeapSize ?? 0;
}

const bench = {
  axialScroll,
  linkedPlanes,
  needleDrag,
  brush,
  firstPicture,
  numbers,
  agreement,
  stillAgreement,
  reopen,
  open,
  screen,
};
declare global {
  interface Window {
    teleneedleBench: typeof bench;
  }
}
warmUpReslicer();
window.teleneedleBench = bench;
