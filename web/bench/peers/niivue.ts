import { NVImage, Niivue, SLICE_TYPE } from "@niivue/niivue";
import { type Pixels, pixelsOfGl } from "../pixels";
import { cursorOf, DIMENSIONS, FILL, hu, labelNumbers, ORIGIN, PANE, type Point, SPACING, STRUCTURES, scrollMm, WINDOW } from "./patient";
import { publish, type Scene } from "./stage";

const LABELS = "labels as fills";
const NIFTI_UINT8 = 2;
const NIFTI_INT16 = 4;
/** Where the header says what the numbers mean, and the number for labels. */
const INTENT_AT = 68;
const INTENT_LABEL = 1002;
const SLICES = { axial: SLICE_TYPE.AXIAL, coronal: SLICE_TYPE.CORONAL, sagittal: SLICE_TYPE.SAGITTAL };
type Name = keyof typeof SLICES;

const host = document.getElementById("panes") as HTMLElement;
host.style.display = "block";

/** A NIfTI file of the patient: LPS millimetres become NIfTI's right, anterior, superior. */
function fileOf(values: Int16Array | Uint8Array): ArrayBuffer {
  const [dx, dy, dz] = SPACING;
  const [x, y, z] = ORIGIN;
  const affine = [-dx, 0, 0, -x, 0, -dy, 0, -y, 0, 0, dz, z, 0, 0, 0, 1];
  const isImage = values instanceof Int16Array;
  const type = isImage ? NIFTI_INT16 : NIFTI_UINT8;
  const file = NVImage.createNiftiArray(DIMENSIONS, SPACING, affine, type, values);
  if (!isImage) new DataView(file.buffer).setInt16(INTENT_AT, INTENT_LABEL, true);
  return file.buffer as ArrayBuffer;
}

const channel = (n: 0 | 1 | 2) => [0, ...STRUCTURES.map(({ colour }) => colour[n])];
const COLOURS = {
  R: channel(0),
  G: channel(1),
  B: channel(2),
  A: [0, ...STRUCTURES.map(() => 255)],
  I: [0, ...STRUCTURES.map(({ id }) => id)],
};

/** A window of panes of 512² side by side, nothing loaded. */
async function windowOf(names: readonly Name[]): Promise<Niivue> {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [PANE * names.length, PANE];
  canvas.style.cssText = `width: ${canvas.width}px; height: ${canvas.height}px`;
  host.replaceChildren(canvas);
  const viewer = new Niivue({ forceDevicePixelRatio: 1, crosshairWidth: 0, isResizeCanvas: false, show3Dcrosshair: false, logLevel: "error" });
  await viewer.attachToCanvas(canvas, false);
  viewer.setCustomLayout(
    names.map((name, n) => ({ sliceType: SLICES[name], position: [n / names.length, 0, 1 / names.length, 1] })),
  );
  return viewer;
}

/** Both images at once: with `addVolume` the viewer would prepare the first one twice. */
async function load(viewer: Niivue, ct: ArrayBuffer, labels: ArrayBuffer): Promise<void> {
  const structures = await imageOf(labels, "structures.nii", FILL);
  structures.setColormapLabel(COLOURS);
  viewer.back = await imageOf(ct, "ct.nii", 1);
  viewer.overlays = [structures];
  viewer.volumes = [viewer.back, structures];
  viewer.updateGLVolume();
}

const imageOf = async (bytes: ArrayBuffer, name: string, opacity: number): Promise<NVImage> =>
  NVImage.loadFromFile({
    file: new File([bytes], name),
    name,
    colormap: "gray",
    opacity,
    cal_min: opacity === 1 ? WINDOW.low : 0,
    cal_max: opacity === 1 ? WINDOW.high : 255,
  });

function show(viewer: Niivue, [x, y, z]: Point): void {
  viewer.scene.crosshairPos = viewer.mm2frac([-x, -y, z]);
  viewer.drawScene();
}

const pixel = new Uint8Array(4);
const readBack = ({ gl }: Niivue) => gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel);

function picturesOf(viewer: Niivue, names: readonly Name[]): Map<string, Pixels> {
  const all = pixelsOfGl(viewer.gl);
  const width = PANE * names.length;
  return new Map(
    names.map((name, n) => {
      const pane = new Uint8Array(4 * PANE * PANE);
      for (let row = 0; row < PANE; row++) {
        const start = 4 * (row * width + n * PANE);
        pane.set(all.subarray(start, start + 4 * PANE), 4 * PANE * row);
      }
      return [name, pane];
    }),
  );
}

let loaded: Niivue | null = null;

/** The loaded viewer with other panes: what it has taken long to load is kept. */
async function panesOf(names: readonly Name[]): Promise<Niivue> {
  if (!loaded) {
    loaded = await windowOf(names);
    await load(loaded, fileOf(hu()), fileOf(labelNumbers()));
  }
  const { canvas } = loaded;
  if (!canvas) throw new Error("the viewer has no canvas");
  [canvas.width, canvas.height] = [PANE * names.length, PANE];
  canvas.style.width = `${canvas.width}px`;
  loaded.setCustomLayout(
    names.map((name, n) => ({ sliceType: SLICES[name], position: [n / names.length, 0, 1 / names.length, 1] })),
  );
  return loaded;
}

async function sceneOf(names: readonly Name[], at: (n: number) => Point): Promise<Scene> {
  const viewer = await panesOf(names);
  return {
    what: `${names.join(", ")}, ${LABELS}`,
    draw: (n) => show(viewer, at(n)),
    readBack: () => readBack(viewer),
    pictures: () => picturesOf(viewer, names),
    close: () => {},
  };
}

const THREE: Name[] = ["axial", "coronal", "sagittal"];

publish({
  name: "NiiVue",
  async firstPicture() {
    const [ct, labels] = [fileOf(hu()), fileOf(labelNumbers())];
    loaded = await windowOf(THREE);
    const start = performance.now();
    await load(loaded, ct, labels);
    show(loaded, [-50, 0, 0]);
    readBack(loaded);
    return { ms: performance.now() - start, pictures: picturesOf(loaded, THREE) };
  },
  // planes along a needle are not among its slices
  scenes: {
    axialScroll: () => sceneOf(["axial"], (n) => [-20, 0, scrollMm(n)]),
    linked3Planes: () => sceneOf(THREE, cursorOf),
  },
});
