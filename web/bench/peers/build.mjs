/** Production builds of the peers' pages; TELENEEDLE_BENCH_OUT says where to. sizes.json has each one's script, gzip bytes. */
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = resolve(process.env.TELENEEDLE_BENCH_OUT ?? join(here, "../../../artifacts/web-bench-peers"));
const ours = (name) => resolve(here, `../../packages/${name}/src/index.ts`);
const shared = {
  absWorkingDir: here,
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2023",
  logLevel: "error",
  alias: {
    "@teleneedle/geometry": ours("geometry"),
    "@teleneedle/viewer": ours("viewer"),
    // its own build for browsers: the other asks for node's modules
    xmlbuilder2: join(here, "node_modules/xmlbuilder2/lib/xmlbuilder2.min.js"),
  },
};

/** What is measured is no part of what measures: the patient is loaded beside the viewer and not counted. */
const patientApart = {
  name: "patient-apart",
  setup: ({ onResolve }) => onResolve({ filter: /^\.\/patient$/ }, () => ({ path: "../patient.js", external: true })),
};

/** Bytes after gzip of the script a page loads before it can draw: the entry and what it imports statically. */
function gzipBytes({ outputs }, entry) {
  const files = new Set([Object.keys(outputs).find((name) => name.endsWith(`/${entry}.js`))]);
  for (const file of files)
    for (const { path, kind } of outputs[file].imports) if (kind === "import-statement" && outputs[path]) files.add(path);
  return [...files].reduce((sum, file) => sum + gzipSync(readFileSync(join(here, file))).length, 0);
}

const page = readFileSync(join(here, "peer.html"), "utf8");
const sizes = {};
await build({ ...shared, entryPoints: ["patient.ts"], outdir: out });
for (const name of process.argv.slice(2)) {
  const { metafile } = await build({
    ...shared,
    entryPoints: [`${name}.ts`],
    outdir: join(out, name),
    splitting: true,
    metafile: true,
    plugins: [patientApart],
  });
  sizes[name] = gzipBytes(metafile, name);
  writeFileSync(join(out, `${name}.html`), page.replaceAll("PEER", name));
}
writeFileSync(join(out, "sizes.json"), JSON.stringify(sizes));
