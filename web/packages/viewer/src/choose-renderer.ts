import { CpuReslicer } from "./cpu-reslicer";
import { GlSlices } from "./gl-slices";
import type { SliceRenderer } from "./slice-renderer";
import type { Workspace } from "./workspace";

const SOFTWARE = /swiftshader|llvmpipe|softpipe|software|basic render/i;

/** True when the name is of a program that plays a graphics card: the processor does better without it. */
export const isSoftwareCard = (name: string): boolean => SOFTWARE.test(name);

/** The graphics card where there is one that is fit for a volume with this longest edge, else the processor. */
export function chooseRenderer(longestEdge = 512): SliceRenderer {
  try {
    const gl = new GlSlices();
    if (!isSoftwareCard(gl.card) && gl.mostVoxels >= longestEdge) return gl;
    gl.dispose();
  } catch {
    return new CpuReslicer();
  }
  return new CpuReslicer();
}

/**
 * Give the workspace the best renderer, and the processor as soon as the card drops its context.
 * Pictures then go on from the arrays in memory, and the card is asked again after `retryMs`, once.
 */
export function keepRenderer(workspace: Workspace, longestEdge = 512, retryMs = 5000): () => void {
  let retry = 0;
  const use = (renderer: SliceRenderer, isLast: boolean) => {
    workspace.useRenderer(renderer);
    if (!(renderer instanceof GlSlices)) return;
    renderer.onLost(() => {
      if (workspace.renderer !== renderer) return;
      workspace.useRenderer(new CpuReslicer());
      if (!isLast) retry = window.setTimeout(() => use(chooseRenderer(longestEdge), true), retryMs);
    });
  };
  use(chooseRenderer(longestEdge), false);
  return () => window.clearTimeout(retry);
}
