import "vtk.js/Rendering/OpenGL/Profiles/Geometry";
import "vtk.js/Rendering/OpenGL/Profiles/Volume";
import vtkDataArray from "vtk.js/Common/Core/DataArray";
import vtkImageData from "vtk.js/Common/DataModel/ImageData";
import vtkPiecewiseFunction from "vtk.js/Common/DataModel/PiecewiseFunction";
import vtkPlane from "vtk.js/Common/DataModel/Plane";
import vtkSphereSource from "vtk.js/Filters/Sources/SphereSource";
import vtkTubeFilter from "vtk.js/Filters/General/TubeFilter";
import vtkLineSource from "vtk.js/Filters/Sources/LineSource";
import vtkActor from "vtk.js/Rendering/Core/Actor";
import vtkColorTransferFunction from "vtk.js/Rendering/Core/ColorTransferFunction";
import vtkImageProperty from "vtk.js/Rendering/Core/ImageProperty";
import vtkImageResliceMapper from "vtk.js/Rendering/Core/ImageResliceMapper";
import vtkImageSlice from "vtk.js/Rendering/Core/ImageSlice";
import vtkMapper from "vtk.js/Rendering/Core/Mapper";
import vtkRenderer from "vtk.js/Rendering/Core/Renderer";
import vtkRenderWindow from "vtk.js/Rendering/Core/RenderWindow";
import vtkOpenGLRenderWindow from "vtk.js/Rendering/OpenGL/RenderWindow";
import { type Pixels, pixelsOfGl } from "../pixels";
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

const LABELS = "labels as fills and outlines, one WebGL context for all panes";
const DISTANCE_MM = 1000;
const DIRECTIONS = {
  axial: { normal: [0, 0, 1], up: [0, -1, 0] },
  coronal: { normal: [0, 1, 0], up: [0, 0, 1] },
  sagittal: { normal: [1, 0, 0], up: [0, 0, 1] },
} satisfies Record<string, { normal: Point; up: Point }>;

const renderWindow = vtkRenderWindow.newInstance();
const glWindow = vtkOpenGLRenderWindow.newInstance();
glWindow.setContainer(document.getElementById("panes") as HTMLElement);
renderWindow.addView(glWindow);
const context = () => glWindow.getCanvas()?.getContext("webgl2") as WebGL2RenderingContext;

function imageOf(values: Int16Array | Uint8Array) {
  const image = vtkImageData.newInstance();
  image.setDimensions(...DIMENSIONS);
  image.setSpacing(SPACING);
  image.setOrigin(ORIGIN);
  image.getPointData().setScalars(vtkDataArray.newInstance({ numberOfComponents: 1, values }));
  return image;
}
type Image = ReturnType<typeof imageOf>;

function greyProperty() {
  const [greys, opacity] = [vtkColorTransferFunction.newInstance(), vtkPiecewiseFunction.newInstance()];
  greys.addRGBPoint(WINDOW.low, 0, 0, 0);
  greys.addRGBPoint(WINDOW.high, 1, 1, 1);
  opacity.addPoint(WINDOW.low, 1);
  opacity.addPoint(WINDOW.high, 1);
  const property = vtkImageProperty.newInstance();
  property.setIndependentComponents(true);
  property.setRGBTransferFunction(0, greys);
  property.setScalarOpacity(0, opacity);
  property.setColorWindow(WINDOW.high - WINDOW.low);
  property.setColorLevel((WINDOW.high + WINDOW.low) / 2);
  return property;
}

function labelProperty() {
  const [colours, opacity] = [vtkColorTransferFunction.newInstance(), vtkPiecewiseFunction.newInstance()];
  opacity.addPoint(0, 0);
  opacity.addPoint(0.5, FILL);
  opacity.addPoint(255, FILL);
  colours.addRGBPoint(0, 0, 0, 0);
  for (const { id, colour } of STRUCTURES) {
    const [r, g, b] = colour.map((part) => part / 255) as Point;
    for (const edge of [-0.49, 0.49]) colours.addRGBPoint(id + edge, r, g, b);
  }
  const property = vtkImageProperty.newInstance();
  property.setIndependentComponents(true);
  property.setRGBTransferFunction(0, colours);
  property.setScalarOpacity(0, opacity);
  property.setUseLookupTableScalarRange(true);
  property.setInterpolationTypeToNearest();
  property.setUseLabelOutline(true);
  property.setLabelOutlineThickness([1]);
  property.setLabelOutlineOpacity([1]);
  return property;
}

/** One plane through the images in one rectangle of the window. */
class Plane {
  readonly renderer = vtkRenderer.newInstance();
  private readonly plane = vtkPlane.newInstance();

  constructor(images: { ct: Image; labels: Image }) {
    const mapper = vtkImageResliceMapper.newInstance();
    mapper.setSlicePlane(this.plane);
    mapper.addInputData(images.ct);
    mapper.addInputData(images.labels);
    const slice = vtkImageSlice.newInstance();
    slice.setMapper(mapper);
    slice.setProperty(0, greyProperty());
    slice.setProperty(1, labelProperty());
    this.renderer.addViewProp(slice);
    const camera = this.renderer.getActiveCamera();
    camera.setParallelProjection(true);
    camera.setParallelScale((PANE * SPACING[0]) / 2);
  }

  show(at: Point, { normal, up }: { normal: Point; up: Point }): void {
    this.plane.setOrigin(...at);
    this.plane.setNormal(...normal);
    const camera = this.renderer.getActiveCamera();
    const back = (n: 0 | 1 | 2) => at[n] - DISTANCE_MM * normal[n];
    camera.setFocalPoint(...at);
    camera.setPosition(back(0), back(1), back(2));
    camera.setViewUp(...up);
    this.renderer.resetCameraClippingRange();
  }
}

/** Surfaces and a needle in perspective. */
class Surfaces {
  readonly renderer = vtkRenderer.newInstance();
  private readonly line = vtkLineSource.newInstance();

  constructor() {
    for (const { centre, radiusMm, colour, id } of STRUCTURES) {
      const source = vtkSphereSource.newInstance({
        center: centre,
        radius: radiusMm,
        thetaResolution: 64,
        phiResolution: 48,
      });
      const property = this.add(source.getOutputPort());
      property.setColor(...(colour.map((part) => part / 255) as Point));
      property.setOpacity(id <= 2 ? 0.4 : 1);
    }
    const tube = vtkTubeFilter.newInstance({ radius: 2, numberOfSides: 16, capping: true });
    tube.setInputConnection(this.line.getOutputPort());
    this.add(tube.getOutputPort());
    this.place(tipOf(0));
    const camera = this.renderer.getActiveCamera();
    camera.setFocalPoint(-20, 0, 0);
    camera.setPosition(-20, -600, 0);
    camera.setViewUp(0, 0, 1);
    this.renderer.resetCameraClippingRange();
  }

  private add(port: ReturnType<typeof this.line.getOutputPort>) {
    const [mapper, actor] = [vtkMapper.newInstance({ scalarVisibility: false }), vtkActor.newInstance()];
    mapper.setInputConnection(port);
    actor.setMapper(mapper);
    this.renderer.addActor(actor);
    return actor.getProperty();
  }

  place(tip: Point): void {
    const { entry } = needleTo(tip);
    this.line.setPoint1(...entry);
    this.line.setPoint2(...tip);
  }
}

let images: { ct: Image; labels: Image } | null = null;
const loaded = () => {
  images ??= { ct: imageOf(hu()), labels: imageOf(labelNumbers()) };
  return images;
};

/** Put the renderers side by side, two to a row when there are four; their pictures by name. */
function arrange(renderers: Map<string, ReturnType<typeof vtkRenderer.newInstance>>) {
  const columns = renderers.size === 4 ? 2 : renderers.size;
  const rows = renderers.size / columns;
  glWindow.setSize(columns * PANE, rows * PANE);
  let n = 0;
  for (const renderer of renderers.values()) {
    const [x, y] = [n % columns, Math.floor(n++ / columns)];
    renderer.setViewport(x / columns, y / rows, (x + 1) / columns, (y + 1) / rows);
    renderWindow.addRenderer(renderer);
  }
  return (): Map<string, Pixels> => {
    const all = pixelsOfGl(context());
    const width = columns * PANE;
    return new Map(
      [...renderers.keys()].map((name, m) => {
        const pane = new Uint8Array(4 * PANE * PANE);
        const [x, y] = [(m % columns) * PANE, Math.floor(m / columns) * PANE];
        for (let row = 0; row < PANE; row++) {
          const start = 4 * ((y + row) * width + x);
          pane.set(all.subarray(start, start + 4 * PANE), 4 * PANE * row);
        }
        return [name, pane];
      }),
    );
  };
}

const pixel = new Uint8Array(4);
const readBack = () => {
  const gl = context();
  gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel);
};

function sceneOf(
  what: string,
  renderers: Map<string, ReturnType<typeof vtkRenderer.newInstance>>,
  place: (n: number) => void,
): Scene {
  const pictures = arrange(renderers);
  return {
    what,
    draw: (n) => {
      place(n);
      renderWindow.render();
    },
    readBack,
    pictures,
    close: () => {
      for (const renderer of renderers.values()) {
        renderWindow.removeRenderer(renderer);
        renderer.delete();
      }
    },
  };
}

const planes = (names: readonly string[]) => new Map(names.map((name) => [name, new Plane(loaded())]));
const renderersOf = (panes: Map<string, Plane>) =>
  new Map([...panes].map(([name, { renderer }]) => [name, renderer]));
const direction = (name: string, n: number) =>
  DIRECTIONS[name as keyof typeof DIRECTIONS] ?? inLine(tipOf(0), n % 360);

publish({
  name: "vtk.js",
  async firstPicture() {
    const [bytes, numbers] = [hu().buffer as ArrayBuffer, labelNumbers()];
    const start = performance.now();
    images = { ct: imageOf(new Int16Array(bytes)), labels: imageOf(numbers) };
    const panes = planes(["axial", "coronal", "sagittal"]);
    const pictures = arrange(renderersOf(panes));
    for (const [name, pane] of panes) pane.show([-50, 0, 0], direction(name, 0));
    renderWindow.render();
    readBack();
    const ms = performance.now() - start;
    const drawn = pictures();
    for (const { renderer } of panes.values()) renderWindow.removeRenderer(renderer);
    return { ms, pictures: drawn };
  },
  scenes: {
    async axialScroll() {
      const panes = planes(["axial"]);
      return sceneOf(`axial, ${LABELS}`, renderersOf(panes), (n) =>
        panes.get("axial")?.show([-20, 0, scrollMm(n)], DIRECTIONS.axial),
      );
    },
    async linkedPlanes() {
      const panes = planes(["axial", "coronal", "sagittal", "in-line"]);
      return sceneOf(`axial, coronal, sagittal, in-line, ${LABELS}`, renderersOf(panes), (n) => {
        for (const [name, pane] of panes)
          pane.show(name === "in-line" ? tipOf(0) : cursorOf(n), direction(name, n));
      });
    },
    async needleDrag() {
      const panes = planes(["axial", "in-line"]);
      const surfaces = new Surfaces();
      const renderers = renderersOf(panes).set("3-D", surfaces.renderer);
      const what = `axial, in-line, ${LABELS}; 3-D of 74 000 faces with the needle; no numbers`;
      return sceneOf(what, renderers, (n) => {
        const tip = tipOf(n);
        panes.get("axial")?.show(tip, DIRECTIONS.axial);
        panes.get("in-line")?.show(tip, inLine(tip, 0));
        surfaces.place(tip);
      });
    },
  },
});
