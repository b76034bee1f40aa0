/** The pixels of a pane, RGBA in 0–255, row by row. */
export type Pixels = Uint8Array | Uint8ClampedArray;

/** Throws unless the picture shows anatomy: many greys, and colour where structures are drawn. */
export function assertDrawn(pixels: Pixels, name: string, hasLabels = true): void {
  const greys = new Set<number>();
  let [seen, coloured] = [0, 0];
  for (let n = 0; n < pixels.length; n += 4) {
    const [r, g, b] = [pixels[n] as number, pixels[n + 1] as number, pixels[n + 2] as number];
    greys.add(r);
    if (r + g + b > 90) seen++;
    if (Math.max(r, g, b) - Math.min(r, g, b) > 8) coloured++;
  }
  const share = (count: number) => (400 * count) / pixels.length;
  if (greys.size < 8 || share(seen) < 5)
    throw new Error(`${name} is blank: ${greys.size} levels, ${share(seen).toFixed(1)} % lit`);
  if (hasLabels && share(coloured) < 1)
    throw new Error(`${name} shows no structures: ${share(coloured).toFixed(2)} % coloured`);
}

/** Throws unless two pictures of one pane differ: a picture that stands still is not drawn. */
export function assertMoved(before: Pixels, after: Pixels, name: string): void {
  if (before.length === after.length && before.every((value, n) => value === after[n]))
    throw new Error(`${name} does not follow`);
}

/** All pixels of a canvas with a 2-D context. */
export const pixelsOf2d = (canvas: HTMLCanvasElement): Pixels => {
  const context = canvas.getContext("2d");
  if (!context) throw new Error("the pane has no 2-D context");
  return context.getImageData(0, 0, canvas.width, canvas.height).data;
};

/** All pixels of the frame that was just drawn with WebGL; in the same task, or the frame is gone. */
export function pixelsOfGl(gl: WebGL2RenderingContext): Pixels {
  const pixels = new Uint8Array(4 * gl.drawingBufferWidth * gl.drawingBufferHeight);
  gl.readPixels(0, 0, gl.drawingBufferWidth, gl.drawingBufferHeight, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
  return pixels;
}
