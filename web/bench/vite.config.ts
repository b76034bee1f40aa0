import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Production build of the bench pages; TELENEEDLE_BENCH_OUT says where to. */
export default defineConfig({
  root: here("."),
  base: "./",
  resolve: {
    alias: ["geometry", "viewer"].map((name) => ({
      find: `@teleneedle/${name}`,
      replacement: here(`../packages/${name}/src/index.ts`),
    })),
  },
  build: {
    outDir: process.env.TELENEEDLE_BENCH_OUT ?? here("../../artifacts/web-bench"),
    emptyOutDir: true,
    rolldownOptions: { input: { ours: here("./ours.html"), memory: here("./memory.html") } },
  },
});
