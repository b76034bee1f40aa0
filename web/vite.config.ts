import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const packages = ["geometry", "viewer", "ui", "protocol"];
const hub = process.env.TELENEEDLE_HUB ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react(), tailwindcss()],
  resolve: {
    alias: [
      ...packages.map((name) => ({
        find: `@teleneedle/${name}`,
        replacement: here(`./packages/${name}/src/index.ts`),
      })),
      { find: /^@app\//, replacement: `${here("./app")}/` },
    ],
  },
  build: {
    outDir: here("../src/teleneedle/apps/hub/static"),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: { app: here("./index.html"), edge: here("./edge/index.html") } },
  },
  worker: { format: "es" },
  server: { proxy: { "/api": hub, "/dicomweb": hub, "/fhir": hub } },
  test: { include: ["app/**/*.test.{ts,tsx}", "packages/**/*.test.ts"], environment: "node" },
});
