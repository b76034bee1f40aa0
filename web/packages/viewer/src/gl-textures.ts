import type { LabelStyle } from "./labels";
import { type Box, unionOf } from "./mask";
import type { Grid } from "./volume";

type Gl = WebGL2RenderingContext;

/** A new 3-D texture that is fetched by voxel, never filtered. */
function newTexture(gl: Gl, unit: number): WebGLTexture {
  const texture = gl.createTexture();
  gl.activeTexture(gl.TEXTURE0 + unit);
  gl.bindTexture(gl.TEXTURE_3D, texture);
  for (const name of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) {
    gl.texParameteri(gl.TEXTURE_3D, name, gl.NEAREST);
  }
  return texture;
}

/** One 3-D texture on one unit, made again when its grid changes size. */
export class GridTexture {
  private texture: WebGLTexture | null = null;
  private dirty: Box | null = null;
  private kept: Grid | null = null;

  constructor(
    private readonly gl: Gl,
    readonly unit: number,
    private readonly format: "int16" | "uint8" | "float32",
  ) {
    this.texture = this.empty();
  }

  get size(): readonly [number, number, number] {
    return this.kept ? [this.kept.shape[2], this.kept.shape[1], this.kept.shape[0]] : [0, 0, 0];
  }

  private formats(): readonly [number, number, number] {
    const { gl } = this;
    if (this.format === "int16") return [gl.R16I, gl.RED_INTEGER, gl.SHORT];
    if (this.format === "uint8") return [gl.R8UI, gl.RED_INTEGER, gl.UNSIGNED_BYTE];
    return [gl.R32F, gl.RED, gl.FLOAT];
  }

  private empty(): WebGLTexture {
    const { gl } = this;
    const texture = newTexture(gl, this.unit);
    const [inside, format, type] = this.formats();
    gl.texImage3D(gl.TEXTURE_3D, 0, inside, 1, 1, 1, 0, format, type, null);
    return texture;
  }

  /** Put a whole grid on the card, or nothing. */
  set(grid: Grid | null, values: ArrayBufferView | null): void {
    const { gl } = this;
    gl.deleteTexture(this.texture);
    this.dirty = null;
    this.kept = grid;
    this.texture = this.empty();
    if (!grid) return;
    const [inside, format, type] = this.formats();
    const [K, J, I] = grid.shape;
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    gl.texImage3D(gl.TEXTURE_3D, 0, inside, I, J, K, 0, format, type, values);
  }

  markDirty(box: Box): void {
    this.dirty = this.dirty ? unionOf(this.dirty, box) : box;
  }

  /** Send what has changed since the last picture: only the box around it. */
  flush(values: ArrayBufferView): void {
    const { gl, dirty, kept } = this;
    this.dirty = null;
    if (!dirty || !kept) return;
    const [, format, type] = this.formats();
    const [k, j, i] = dirty.start;
    gl.activeTexture(gl.TEXTURE0 + this.unit);
    gl.bindTexture(gl.TEXTURE_3D, this.texture);
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    gl.pixelStorei(gl.UNPACK_ROW_LENGTH, kept.shape[2]);
    gl.pixelStorei(gl.UNPACK_IMAGE_HEIGHT, kept.shape[1]);
    gl.pixelStorei(gl.UNPACK_SKIP_PIXELS, i);
    gl.pixelStorei(gl.UNPACK_SKIP_ROWS, j);
    gl.pixelStorei(gl.UNPACK_SKIP_IMAGES, k);
    const [dk, dj, di] = dirty.shape;
    gl.texSubImage3D(gl.TEXTURE_3D, 0, i, j, k, di, dj, dk, format, type, values);
    for (const name of [
      gl.UNPACK_ROW_LENGTH,
      gl.UNPACK_IMAGE_HEIGHT,
      gl.UNPACK_SKIP_PIXELS,
      gl.UNPACK_SKIP_ROWS,
      gl.UNPACK_SKIP_IMAGES,
    ]) {
      gl.pixelStorei(name, 0);
    }
  }

  dispose(): void {
    this.gl.deleteTexture(this.texture);
    this.texture = null;
    this.kept = null;
  }
}

/** A small table of colours as a texture of `rows` rows of 256. */
export class TableTexture {
  private readonly texture: WebGLTexture;

  constructor(
    private readonly gl: Gl,
    readonly unit: number,
  ) {
    this.texture = gl.createTexture();
    gl.activeTexture(gl.TEXTURE0 + unit);
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
    for (const name of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) {
      gl.texParameteri(gl.TEXTURE_2D, name, gl.NEAREST);
    }
    this.set(new Uint8Array(256 * 4), 1);
  }

  set(rgba: Uint8Array, rows: number): void {
    const { gl } = this;
    gl.activeTexture(gl.TEXTURE0 + this.unit);
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, 256, rows, 0, gl.RGBA, gl.UNSIGNED_BYTE, rgba);
  }

  dispose(): void {
    this.gl.deleteTexture(this.texture);
  }
}

/** Row 0: fill, row 1: outline; colour and opacity of each structure. */
export function styleTable(styles: readonly (LabelStyle | undefined)[], opacity: number): Uint8Array {
  const table = new Uint8Array(2 * 256 * 4);
  styles.forEach((style, id) => {
    if (!style) return;
    table.set([...style.colour, Math.round(255 * style.fill * opacity)], 4 * id);
    table.set([...style.colour, Math.round(255 * style.outline * opacity)], 4 * (256 + id));
  });
  return table;
}
