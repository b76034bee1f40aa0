import {
  cache,
  Enums,
  init as initCore,
  RenderingEngine,
  type Types,
  volumeLoader,
} from "@cornerstonejs/core";
import { Enums as ToolEnums, init as initTools, segmentation } from "@cornerstonejs/tools";
import vtkTubeFilter from "@kitware/vtk.js/Filters/General/TubeFilter";
import vtkLineSource from "@kitware/vtk.js/Filters/Sources/LineSource";
import vtkSphereSource from "@kitware/vtk.js/Filters/Sources/SphereSource";
import vtkActor from "@kitware/vtk.js/Rendering/Core/Actor";
import vtkMapper from "@kitware/vtk.js/Rendering/Core/Mapper";
import { type Pixels, pixelsOf2d } from "../pixels";
import {
  cursorOf,
  DIMENSIONS,
  FILL,
  hu,
  inLine,
  labelNumbers,
  needleTo,
  ORIGIN,
  PANE,
  type Point,
  SPACING,
  STRUCTURES,
  scrollMm,
  tipOf,
  WINDOW,
} from "./patient";
import { publish, type Scene } from "./stage";

const { ViewportType, OrientationAxis } = Enums;
const LABELS = "labels as fills and outlines";
const DISTANCE_MM = 1000;
const CT = "ct";
const SEGMENTATION = "structures";
const LABEL_VOLUME = "labels";
const ORIENTATIONS: Record<string, Enums.OrientationAxis> = {
  axial: OrientationAxis.AXIAL,
  coronal: OrientationAxis.CORONAL,
  sagittal: OrientationAxis.SAGITTAL,
  "in-line": OrientationAxis.SAGITTAL,
};
const host = document.getElementById("panes") as HTMLElement;

const metadata = {
  BitsAllocated: 16,
  BitsStored: 16,
  SamplesPerPixel: 1,
  HighBit: 15,
  PhotometricInterpretation: "MONOCHROME2",
  PixelRepresentation: 1,
  Modality: "CT",
  ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
  PixelSpacing: [SPACING[1], SPACING[0]],
  FrameOfReferenceUID: "2.25.1",
  Columns: DIMENSIONS[0],
  Rows: DIMENSIONS[1],
  voiLut: [{ windowCenter: 50, windowWidth: 350 }],
  VOILUTFunction: "LINEAR",
} as unknown as Types.Metadata;

function addVolume(volumeId: string, scalarData: Int16Array | Uint8Array): void {
  volumeLoader.createLocalVolume(volumeId, {
    metadata,
    dimensions: DIMENSIONS,
    spacing: SPACING,
    origin: ORIGIN,
    direction: [1, 0, 0, 0, 1, 0, 0, 0, 1] as unknown as Types.Mat3,
    scalarData,
  });
}

/** The engine draws in the next animation frame; what is timed draws at once, as that frame would. */
interface Drawing {
  _renderFlaggedViewports(): void;
}
const renderNow = (engine: RenderingEngine): void => {
  engine.render();
  (engine as unknown as { _implementation: Drawing })._implementation._renderFlaggedViewports();
};

let engine: RenderingEngine | null = null;
const start = () => {
  if (!engine) {
    initCore();
    initTools();
    cache.setMaxCacheSize(2 ** 31);
    engine = new RenderingEngine("bench");
    segmentation.segmentationStyle.setStyle(
      { type: ToolEnums.SegmentationRepresentations.Labelmap },
      { renderFill: true, renderOutline: true, fillAlpha: FILL, outlineWidth: 1, outlineOpacity: 1 },
    );
  }
  return engine;
};

function load(ct: Int16Array, labels: Uint8Array): void {
  addVolume(CT, ct);
  addVolume(LABEL_VOLUME, labels);
  segmentation.addSegmentations([
    {
      segmentationId: SEGMENTATION,
      representation: {
        type: ToolEnums.SegmentationRepresentations.Labelmap,
        data: { volumeId: LABEL_VOLUME, referencedVolumeId: CT },
      },
    },
  ]);
}

const COLOURS = [[0, 0, 0, 0], ...STRUCTURES.map(({ colour }) => [...colour, 255])] as Types.ColorLUT;
const labelsAreDrawn = (viewport: Types.IVolumeViewport): boolean =>
  viewport.getActors().some(({ representationUID }) => `${representationUID}`.includes(SEGMENTATION));

/** Panes over the loaded volume, with labels; the pane called 3-D has none of both. */
async function openPanes(names: readonly string[]) {
  const engine = start();
  host.replaceChildren();
  engine.setViewports(
    names.map((viewportId) => ({
      viewportId,
      element: host.appendChild(document.createElement("div")),
      type: viewportId === "3-D" ? ViewportType.VOLUME_3D : ViewportType.ORTHOGRAPHIC,
      defaultOptions: viewportId === "3-D" ? {} : { orientation: ORIENTATIONS[viewportId] as Enums.OrientationAxis },
    })),
  );
  const panes = new Map(names.map((name) => [name, engine.getViewport(name) as Types.IVolumeViewport]));
  const slices = names.filter((name) => name !== "3-D");
  await Promise.all(slices.map((name) => panes.get(name)?.setVolumes([{ volumeId: CT }])));
  for (const name of slices) {
    panes.get(name)?.setProperties({ voiRange: { lower: WINDOW.low, upper: WINDOW.high } });
    segmentation.addSegmentationRepresentations(name, [
      { segmentationId: SEGMENTATION, type: ToolEnums.SegmentationRepresentations.Labelmap, config: { colorLUTOrIndex: COLOURS } },
    ]);
  }
  const until = performance.now() + 20000;
  const channel = new MessageChannel();
  while (!slices.every((name) => labelsAreDrawn(panes.get(name) as Types.IVolumeViewport))) {
    if (performance.now() > until) throw new Error("the structures were not drawn within 20 s");
    await new Promise((done) => {
      channel.port1.onmessage = done;
      channel.port2.postMessage(0);
    });
  }
  return panes;
}
type Panes = Awaited<ReturnType<typeof openPanes>>;

const DIRECTIONS: Record<string, { normal: Point; up: Point }> = {
  axial: { normal: [0, 0, -1], up: [0, -1, 0] },
  coronal: { normal: [0, -1, 0], up: [0, 0, 1] },
  sagittal: { normal: [1, 0, 0], up: [0, 0, 1] },
};

function show(pane: Types.IVolumeViewport | undefined, at: Point, { normal, up }: { normal: Point; up: Point }): void {
  const back = (n: 0 | 1 | 2) => at[n] + DISTANCE_MM * normal[n];
  pane?.setCamera({
    focalPoint: at,
    position: [back(0), back(1), back(2)],
    viewPlaneNormal: normal,
    viewUp: up,
    parallelScale: (PANE * SPACING[0]) / 2,
  });
}

const readBack = (panes: Panes) => {
  for (const pane of panes.values()) pane.canvas.getContext("2d")?.getImageData(0, 0, 1, 1);
};
const picturesOf = (panes: Panes): Map<string, Pixels> =>
  new Map([...panes].map(([name, pane]) => [name, pixelsOf2d(pane.canvas)]));

function sceneOf(what: string, panes: Panes, place: (n: number) => void): Scene {
  const engine = start();
  return {
    what,
    draw: (n) => {
      place(n);
      renderNow(engine);
    },
    readBack: () => readBack(panes),
    pictures: () => picturesOf(panes),
    close: () => {
      for (const name of panes.keys()) {
        segmentation.removeSegmentationRepresentations(name, { segmentationId: SEGMENTATION });
        engine.disableElement(name);
      }
    },
  };
}

/** Put surfaces and a needle into the 3-D pane; a function that moves the needle. */
function addSurfaces(pane: Types.IVolumeViewport): (tip: Point) => void {
  const add = (uid: string, port: ReturnType<ReturnType<typeof vtkSphereSource.newInstance>["getOutputPort"]>) => {
    const [mapper, actor] = [vtkMapper.newInstance({ scalarVisibility: false }), vtkActor.newInstance()];
    mapper.setInputConnection(port);
    actor.setMapper(mapper);
    pane.addActors([{ uid, actor }]);
    return actor.getProperty();
  };
  for (const { centre, radiusMm, colour, id } of STRUCTURES) {
    const source = vtkSphereSource.newInstance({
      center: centre,
      radius: radiusMm,
      thetaResolution: 64,
      phiResolution: 48,
    });
    const property = add(`surface ${id}`, source.getOutputPort());
    property.setColor(...(colour.map((part) => part / 255) as Point));
    property.setOpacity(id <= 2 ? 0.4 : 1);
  }
  const line = vtkLineSource.newInstance();
  const tube = vtkTubeFilter.newInstance({ radius: 2, numberOfSides: 16, capping: true });
  tube.setInputConnection(line.getOutputPort());
  const place = (tip: Point) => {
    line.setPoint1(...needleTo(tip).entry);
    line.setPoint2(...tip);
  };
  place(tipOf(0));
  add("needle", tube.getOutputPort());
  pane.setCamera({
    focalPoint: [-20, 0, 0],
    position: [-20, -600, 0],
    viewPlaneNormal: [0, -1, 0],
    viewUp: [0, 0, 1],
    parallelScale: 150,
  });
  return place;
}

let isLoaded = false;
const loaded = () => {
  start();
  if (!isLoaded) load(hu(), labelNumbers());
  isLoaded = true;
};

publish({
  name: "Cornerstone3D",
  async firstPicture() {
    const engine = start();
    const [bytes, numbers] = [hu().buffer as ArrayBuffer, labelNumbers()];
    const begin = performance.now();
    load(new Int16Array(bytes), numbers);
    isLoaded = true;
    const panes = await openPanes(["axial", "coronal", "sagittal"]);
    for (const [name, pane] of panes) show(pane, [-50, 0, 0], DIRECTIONS[name] as { normal: Point; up: Point });
    renderNow(engine);
    readBack(panes);
    return { ms: performance.now() - begin, pictures: picturesOf(panes) };
  },
  scenes: {
    async axialScroll() {
      loaded();
      const panes = await openPanes(["axial"]);
      return sceneOf(`axial, ${LABELS}`, panes, (n) =>
        show(panes.get("axial"), [-20, 0, scrollMm(n)], DIRECTIONS.axial as { normal: Point; up: Point }),
      );
    },
    async linkedPlanes() {
      loaded();
      const panes = await openPanes(["axial", "coronal", "sagittal", "in-line"]);
      return sceneOf(`axial, coronal, sagittal, in-line, ${LABELS}`, panes, (n) => {
        for (const [name, pane] of panes) {
          const direction = DIRECTIONS[name];
          if (direction) show(pane, cursorOf(n), direction);
          else show(pane, tipOf(0), inLine(tipOf(0), n % 360));
        }
      });
    },
    async needleDrag() {
      loaded();
      const panes = await openPanes(["axial", "in-line", "3-D"]);
      const place = addSurfaces(panes.get("3-D") as Types.IVolumeViewport);
      const what = `axial, in-line, ${LABELS}; 3-D of 74 000 faces with the needle; no numbers`;
      return sceneOf(what, panes, (n) => {
        const tip = tipOf(n);
        show(panes.get("axial"), tip, DIRECTIONS.axial as { normal: Point; up: Point });
        show(panes.get("in-line"), tip, inLine(tip, 0));
        place(tip);
      });
    },
  },
});
