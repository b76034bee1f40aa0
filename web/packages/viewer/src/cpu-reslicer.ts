import { invert } from "@teleneedle/geometry";
import type { LabelStyle, Labels } from "./labels";
import { blendLabels, LabelTable, resliceGrey, resliceLabels } from "./reslice";
import { blendField, resliceField } from "./reslice-field";
import type { ScalarField } from "./scalar-field";
import type { SlicePicture, SliceRenderer } from "./slice-renderer";
import type { Volume } from "./volume";

interface LabelSource {
  readonly labels: Labels;
  readonly lpsToIndex: readonly number[];
}

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
  private table: { styles: readonly (LabelStyle | undefined)[]; opacity: number; made: LabelTable } | null =
    null;

  setVolume(volume: Volume | null): void {
    this.volume = volume;
  }

  setLabels(labels: Labels | null): void {
    this.source = labels ? { labels, lpsToIndex: invert(labels.affine) } : null;
  }

  setField(field: ScalarField | null): void {
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
    this.renderInto(picture, new Uint32Array(image.data.buffer));
    target.putImageData(image, 0, 0);
  }

  private renderInto(picture: SlicePicture, out: Uint32Array): Uint32Array {
    const { view } = picture;
    if (this.volume) resliceGrey(this.volume, view, picture.window, out);
    else out.fill(0xff000000);
    if (this.field) {
      resliceField(this.field, view, this.values);
      blendField(this.field, this.values, view.width, view.height, out);
    }
    if (this.source && picture.labelOpacity > 0) {
      resliceLabels(this.source.labels, this.source.lpsToIndex, view, this.numbers);
      blendLabels(this.numbers, view.width, view.height, this.tableOf(picture), out);
    }
    return out;
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
