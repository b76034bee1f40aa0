import { IDENTITY, lps, orthogonalPlane } from "@teleneedle/geometry";
import { CpuReslicer } from "./cpu-reslicer";
import { Labels } from "./labels";
import { Mask } from "./mask";
import { type Shape, Volume } from "./volume";

/** Let the browser compile the inner loops on a small volume while the real one is still on its way. */
export function warmUpReslicer(): void {
  const shape: Shape = [32, 32, 32];
  const affine = IDENTITY;
  const reslicer = new CpuReslicer();
  const labels = new Labels(shape, affine);
  labels.setMask(1, new Mask({ start: [4, 4, 4], shape: [20, 20, 20] }, new Uint8Array(1000).fill(255)));
  reslicer.setVolume(new Volume(shape, affine, new Int16Array(32 ** 3)));
  reslicer.setLabels(labels);
  const window = { centre: 0, width: 100 };
  const styles = [undefined, { colour: [255, 255, 255], fill: 0.3, outline: 1 }] as const;
  for (let n = 0; n < 12; n++) {
    const plane = orthogonalPlane(
      (["axial", "coronal", "sagittal"] as const)[n % 3] ?? "axial",
      lps(15.5, 15.5, 15.4),
    );
    const view = { ...plane, width: 160, height: 160, mmPerPixel: 0.2 };
    reslicer.render({ view, window, styles, labelOpacity: 1 });
  }
  reslicer.dispose();
}
