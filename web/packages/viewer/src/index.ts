export * from "./access-map";
export * from "./brush";
export * from "./choose-renderer";
export * from "./coverage";
export { CpuReslicer } from "./cpu-reslicer";
export * from "./distance-field";
export { GlSlices } from "./gl-slices";
export * from "./history";
export * from "./labels";
export * from "./mask";
export * from "./mask-delta";
export * from "./measure";
export { Pane } from "./pane";
export { planeOf, selectedNeedle } from "./pane-view";
export * from "./scalar-field";
export type { Scene3d } from "./scene3d";
export * from "./slice-renderer";
export * from "./smooth";
export * from "./state";
export * from "./tnb1";
export * from "./volume";
export { warmUpReslicer } from "./warm-up";
export * from "./words";
export * from "./workspace";

/** The mesh scene with three.js, fetched when it is first wanted. */
export const loadScene3d = async () => (await import("./scene3d")).Scene3d;
