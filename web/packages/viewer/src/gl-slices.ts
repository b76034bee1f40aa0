import { type Affine, invert, type PlaneView } from "@teleneedle/geometry";
import { GridTexture, styleTable, TableTexture } from "./gl-textures";
import type { LabelStyle, Labels } from "./labels";
import type { Box } from "./mask";
import { colourTable, type ScalarField } from "./scalar-field";
import type { SlicePicture, SliceRenderer } from "./slice-renderer";
import { FRAGMENT, VERTEX } from "./slice-shader";
import { stepsOf } from "./stepping";
import type { Volume } from "./volume";

type Gl = WebGL2RenderingContext;

/** Draws slices with the graphics card: one context and one texture for all panes; pictures are copied to them. */
export class GlSlices implements SliceRenderer {
  readonly kind = "gl";
  readonly mostPixels = 4_000_000;
  readonly canvas = document.createElement("canvas");
  /** The name of the card, or of the software that stands in for one. */
  readonly card: string;
  private readonly gl: Gl;
  private readonly program: WebGLProgram;
  private readonly volumeTexture: GridTexture;
  private readonly labelTexture: GridTexture;
  private readonly fieldTexture: GridTexture;
  private readonly styles: TableTexture;
  private readonly colours: TableTexture;
  private readonly places = new Map<string, WebGLUniformLocation | null>();
  private volume: Volume | null = null;
  private volumeMap: Affine | null = null;
  private labels: Labels | null = null;
  private labelMap: Affine | null = null;
  private field: ScalarField | null = null;
  private fieldMap: Affine | null = null;
  private stopLabels = () => {};
  private shown: { styles: readonly (LabelStyle | undefined)[]; opacity: number } | null = null;

  constructor() {
    const options = {
      antialias: false,
      depth: false,
      alpha: false,
      powerPreference: "high-performance",
    } as const;
    const gl = this.canvas.getContext("webgl2", options) as WebGL2RenderingContext | null;
    if (!gl) throw new Error("this browser has no WebGL 2");
    this.gl = gl;
    const names = gl.getExtension("WEBGL_debug_renderer_info");
    this.card = String(gl.getParameter(names ? names.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
    this.program = programOf(gl);
    gl.useProgram(this.program);
    this.volumeTexture = new GridTexture(gl, 0, "int16");
    this.labelTexture = new GridTexture(gl, 1, "uint8");
    this.fieldTexture = new GridTexture(gl, 2, "float32");
    this.styles = new TableTexture(gl, 3);
    this.colours = new TableTexture(gl, 4);
    ["volume", "labels", "field", "styles", "colours"].forEach((name, unit) => {
      gl.uniform1i(this.place(name), unit);
    });
  }

  /** The largest edge of a volume that the card takes. */
  get mostVoxels(): number {
    return this.gl.getParameter(this.gl.MAX_3D_TEXTURE_SIZE) as number;
  }

  /** Called when the card has dropped everything. */
  onLost(listener: () => void): void {
    this.canvas.addEventListener("webglcontextlost", listener, { once: true });
  }

  setVolume(volume: Volume | null): void {
    this.volume = volume;
    this.volumeTexture.set(volume, volume?.data ?? null);
    this.volumeMap = volume?.lpsToIndex ?? null;
  }

  /** Only the box goes to the card again, with the next picture. */
  volumeChanged(box: Box): void {
    this.volumeTexture.markDirty(box);
  }

  setLabels(labels: Labels | null): void {
    this.stopLabels();
    this.labels = labels;
    this.labelTexture.set(labels, labels?.data ?? null);
    this.labelMap = labels ? invert(labels.affine) : null;
    this.stopLabels = labels?.onChange((box) => this.labelTexture.markDirty(box)) ?? (() => {});
  }

  setField(field: ScalarField | null): void {
    this.field = field;
    this.fieldTexture.set(field, field?.values ?? null);
    this.fieldMap = field ? invert(field.affine) : null;
    if (!field) return;
    const rgb = colourTable(field.stops);
    const rgba = new Uint8Array(256 * 4);
    for (let n = 0; n < 256; n++) rgba.set([...rgb.subarray(3 * n, 3 * n + 3), 255], 4 * n);
    this.colours.set(rgba, 1);
  }

  draw(picture: SlicePicture, target: CanvasRenderingContext2D): void {
    const { width, height } = picture.view;
    this.render(picture);
    const top = this.canvas.height - height;
    target.drawImage(this.canvas, 0, top, width, height, 0, 0, width, height);
  }

  /** Draw into the lower left corner of the shared canvas. */
  render(picture: SlicePicture): void {
    const { gl } = this;
    const { view, window } = picture;
    const { width, height } = view;
    if (this.canvas.width < width) this.canvas.width = width;
    if (this.canvas.height < height) this.canvas.height = height;
    gl.viewport(0, 0, width, height);
    if (this.volume) this.volumeTexture.flush(this.volume.data);
    if (this.labels) this.labelTexture.flush(this.labels.data);
    this.setStyles(picture);
    const gain = 255 / window.width;
    gl.uniform2f(this.place("window"), gain, 0.5 - (window.centre - window.width / 2) * gain);
    gl.uniform2i(this.place("size"), width, height);
    this.setGrid("volume", this.volumeTexture, view, this.volumeMap);
    this.setGrid("label", this.labelTexture, view, picture.labelOpacity > 0 ? this.labelMap : null);
    this.setGrid("field", this.fieldTexture, view, this.fieldMap);
    if (this.field) this.setFieldLook(this.field);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  }

  /** The picture drawn last, rows from the top; waits for the card. */
  readPixels(width: number, height: number): Uint8Array {
    const { gl } = this;
    const upside = new Uint8Array(width * height * 4);
    gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, upside);
    const out = new Uint8Array(upside.length);
    const row = width * 4;
    for (let y = 0; y < height; y++)
      out.set(upside.subarray((height - 1 - y) * row, (height - y) * row), y * row);
    return out;
  }

  private place(name: string): WebGLUniformLocation | null {
    let found = this.places.get(name);
    if (found === undefined) {
      found = this.gl.getUniformLocation(this.program, name);
      this.places.set(name, found);
    }
    return found;
  }

  private setGrid(name: string, texture: GridTexture, view: PlaneView, lpsToIndex: Affine | null): void {
    const { gl } = this;
    const [x, y, z] = lpsToIndex ? texture.size : [0, 0, 0];
    gl.uniform3i(this.place(`${name}Size`), x, y, z);
    if (!lpsToIndex) return;
    const { start, right, down } = stepsOf(view, lpsToIndex);
    gl.uniformMatrix3fv(this.place(`${name}Steps`), false, [...start, ...right, ...down]);
  }

  private setStyles({ styles, labelOpacity }: SlicePicture): void {
    if (this.shown?.styles === styles && this.shown.opacity === labelOpacity) return;
    this.shown = { styles, opacity: labelOpacity };
    this.styles.set(styleTable(styles, labelOpacity), 2);
  }

  private setFieldLook({ stops, from, opacity, lines }: ScalarField): void {
    const { gl } = this;
    const first = stops[0]?.value ?? 0;
    const gain = 255 / ((stops.at(-1)?.value ?? 1) - first || 1);
    gl.uniform4f(this.place("fieldLook"), first, gain, from, opacity);
    const drawn = lines.slice(0, 8);
    gl.uniform1i(this.place("lineCount"), drawn.length);
    const flat = drawn.flatMap(({ colour, value }) => [...colour.map((c) => c / 255), value]);
    if (flat.length > 0) gl.uniform4fv(this.place("lines"), flat);
  }

  dispose(): void {
    this.stopLabels();
    this.volume = null;
    for (const texture of [
      this.volumeTexture,
      this.labelTexture,
      this.fieldTexture,
      this.styles,
      this.colours,
    ]) {
      texture.dispose();
    }
    this.gl.deleteProgram(this.program);
    this.gl.getExtension("WEBGL_lose_context")?.loseContext();
    this.canvas.width = 0;
    this.canvas.height = 0;
  }
}

function programOf(gl: Gl): WebGLProgram {
  const program = gl.createProgram();
  for (const [type, source] of [
    [gl.VERTEX_SHADER, VERTEX],
    [gl.FRAGMENT_SHADER, FRAGMENT],
  ] as const) {
    const shader = gl.createShader(type);
    if (!shader) throw new Error("the graphics context is lost");
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
    gl.deleteShader(shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) {
    throw new Error(`the slice shader does not link: ${gl.getProgramInfoLog(program) ?? ""}`);
  }
  return program;
}
