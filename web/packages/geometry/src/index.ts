export * from "./affine";
export * from "./ellipsoid";
export * from "./measures";
export * from "./orientation";
export * from "./planes";
export * from "./points";
