import { CpuReslicer } from "./cpu-reslicer";
import { GlSlices } from "./gl-slices";
import type { SliceRenderer } from "./slice-renderer";
import type { Workspace } from "./workspace";

const SOFTWARE = /swiftshader|llvmpipe|softpipe|software|basic render/i;

/** True when the name is of a program that plays a graphics card: the processor does better without it. */
export const isSoftwareCard = (name: string): boolean => SOFTWARE.test(name);

let known = "";

/**
 * Name of the graphics card, empty where there is no WebGL just now. A name is asked for once: a context takes some
 * 50 ms where a program plays the card.
 */
export function cardName(): string {
  if (known) return known;
  const gl = document.createElement("canvas").getContext("webgl2");
  if (!gl) return "";
  const names = gl.getExtension("WEBGL_debug_renderer_info");
  known = String(gl.getParameter(names ? names.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
  gl.getExtension("WEBGL_lose_context")?.loseContext();
  return known;
}

/** The graphics card where there is one that is fit for a volume with this longest edge, else the processor. */
export function chooseRenderer(longestEdge = 512): SliceRenderer {
  const card = cardName();
  if (!card || isSoftwareCard(card)) return new CpuReslicer();
  try {
    const gl = new GlSlices();
    if (gl.mostVoxels >= longestEdge) return gl;
    gl.dispose();
  } catch {
    return new CpuReslicer();
  }
  return new CpuReslicer();
}

/** The processor draws the first pictures: a context takes time that a page which is opening does not have. */
const CARD_AFTER_MS = 1500;

/**
 * Give the workspace the best renderer, and the processor as soon as the card drops its context.
 * Pictures then go on from the arrays in memory, and the card is asked again after `retryMs`, once.
 */
export function keepRenderer(workspace: Workspace, longestEdge = 512, retryMs = 5000): () => void {
  let next = window.setTimeout(() => use(chooseRenderer(longestEdge), false), CARD_AFTER_MS);
  const use = (renderer: SliceRenderer, isLast: boolean) => {
    if (renderer.kind === workspace.renderer.kind) return;
    workspace.useRenderer(renderer);
    if (!(renderer instanceof GlSlices)) return;
    renderer.onLost(() => {
      if (workspace.renderer !== renderer) return;
      workspace.useRenderer(new CpuReslicer());
      if (!isLast) next = window.setTimeout(() => use(chooseRenderer(longestEdge), true), retryMs);
    });
  };
  return () => window.clearTimeout(next);
}
