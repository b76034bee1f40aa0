export * from "./client";
export * from "./hub";
export * from "./problem";
export * from "./sessionFetch";
export * from "./sessionStore";
export * from "./words";
