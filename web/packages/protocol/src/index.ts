export * from "./arriving";
export * from "./client";
export * from "./hub";
export type { components, paths } from "./openapi";
export * from "./problem";
export * from "./sessionFetch";
export * from "./sessionStore";
export * from "./words";
