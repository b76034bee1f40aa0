import { invert, type PlaneView, type Vec3 } from "@teleneedle/geometry";
import type { LabelStyle, Labels } from "./labels";
import { blendLabels, LabelTable, resliceGrey, resliceLabels } from "./reslice";
import { blendField, resliceField } from "./reslice-field";
import type { ScalarField } from "./scalar-field";
import type { SlicePicture, SliceRenderer, Window } from "./slice-renderer";
import type { Volume } from "./volume";

interface LabelSource {
  readonly labels: Labels;
  readonly lpsToIndex: readonly number[];
}

interface Grey {
  readonly version: number;
  readonly view: PlaneView;
  readonly window: Window;
  readonly pixels: Uint32Array;
}

const sameVector = (a: Vec3, b: Vec3): boolean => a[0] === b[0] && a[1] === b[1] && a[2] === b[2];

const isSame = ({ view: a, window }: Grey, { view: b, window: w }: SlicePicture): boolean =>
  window.centre === w.centre &&
  window.width === w.width &&
  a.width === b.width &&
  a.height === b.height &&
  a.mmPerPixel === b.mmPerPixel &&
  sameVector(a.origin, b.origin) &&
  sameVector(a.right, b.right) &&
  sameVector(a.down, b.down);

/** Draws slices with the processor: the reference, the first picture, and the way without a graphics card. */
export class CpuReslicer implements SliceRenderer {
  readonly kind = "cpu";
  readonly mostPixels = 400_000;
  private volume: Volume | null = null;
  private source: LabelSource | null = null;
  private field: ScalarField | null = null;
  private pixels = new Uint32Array(0);
  private numbers = new Uint8Array(0);
  private values = new Float32Array(0);
  private images = new Map<number, ImageData>();
  /** The windowed picture of each pane before labels: painting a mask draws over it, not all again. */
  private readonly greys = new WeakMap<CanvasRenderingContext2D, Grey>();
  /** Rises whenever the volume or the field changes. */
  private version = 0;
  private table: { styles: readonly (LabelStyle | undefined)[]; opacity: number; made: LabelTable } | null =
    null;

  setVolume(volume: Volume | null): void {
    this.version++;
    this.volume = volume;
  }

  volumeChanged(): void {
    this.version++;
  }

  setLabels(labels: Labels | null): void {
    this.source = labels ? { labels, lpsToIndex: invert(labels.affine) } : null;
  }

  setField(field: ScalarField | null): void {
    this.version++;
    this.field = field;
  }

  /** The picture as little-endian RGBA, in a buffer that the next call uses again. */
  render(picture: SlicePicture): Uint32Array {
    const { width, height } = picture.view;
    this.fit(width * height);
    return this.renderInto(picture, this.pixels);
  }

  draw(picture: SlicePicture, target: CanvasRenderingContext2D): void {
    const { width, height } = picture.view;
    this.fit(width * height);
    const image = this.imageOf(width, height);
    const out = new Uint32Array(image.data.buffer);
    const grey = this.greys.get(target);
    if (grey?.version === this.version && isSame(grey, picture)) out.set(grey.pixels);
    else {
      this.renderGrey(picture, out);
      this.keep(target, picture, out);
    }
    this.renderLabels(picture, out);
    target.putImageData(image, 0, 0);
  }

  private renderInto(picture: SlicePicture, out: Uint32Array): Uint32Array {
    this.renderGrey(picture, out);
    this.renderLabels(picture, out);
    return out;
  }

  private renderGrey({ view, window }: SlicePicture, out: Uint32Array): void {
    if (this.volume) resliceGrey(this.volume, view, window, out);
    else out.fill(0xff000000);
    if (!this.field) return;
    resliceField(this.field, view, this.values);
    blendField(this.field, this.values, view.width, view.height, out);
  }

  private renderLabels(picture: SlicePicture, out: Uint32Array): void {
    if (!this.source || picture.labelOpacity <= 0) return;
    const { view } = picture;
    resliceLabels(this.source.labels, this.source.lpsToIndex, view, this.numbers);
    blendLabels(this.numbers, view.width, view.height, this.tableOf(picture), out);
  }

  private keep(target: CanvasRenderingContext2D, { view, window }: SlicePicture, out: Uint32Array): void {
    const old = this.greys.get(target)?.pixels;
    const pixels = old?.length === out.length ? old : new Uint32Array(out.length);
    pixels.set(out);
    this.greys.set(target, { version: this.version, view, window, pixels });
  }

  private tableOf({ styles, labelOpacity }: SlicePicture): LabelTable {
    if (this.table?.styles !== styles || this.table.opacity !== labelOpacity) {
      this.table = { styles, opacity: labelOpacity, made: new LabelTable(styles, labelOpacity) };
    }
    return this.table.made;
  }

  private fit(pixels: number): void {
    if (this.numbers.length >= pixels) return;
    this.pixels = new Uint32Array(pixels);
    this.numbers = new Uint8Array(pixels);
    this.values = new Float32Array(pixels);
  }

  /** Pictures are kept by size: the panes of a layout have few sizes. */
  private imageOf(width: number, height: number): ImageData {
    const key = width * 65536 + height;
    let image = this.images.get(key);
    if (!image) {
      if (this.images.size >= 6) this.images.clear();
      image = new ImageData(width, height);
      this.images.set(key, image);
    }
    return image;
  }

  dispose(): void {
    this.volume = null;
    this.source = null;
    this.field = null;
    this.images.clear();
    this.pixels = new Uint32Array(0);
    this.numbers = new Uint8Array(0);
    this.values = new Float32Array(0);
  }
}
