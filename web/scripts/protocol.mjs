// Writes packages/protocol/src/openapi.ts from the hub's own description; `npm run protocol -- FILE-OR-ADDRESS`.
import { writeFile } from "node:fs/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import openapiTS, { astToString } from "openapi-typescript";

const source = process.argv[2] ?? "http://127.0.0.1:8080/api/openapi.json";
const target = fileURLToPath(new URL("../packages/protocol/src/openapi.ts", import.meta.url));
const address = /^https?:/.test(source) ? new URL(source) : pathToFileURL(source);
const types = astToString(await openapiTS(address));
await writeFile(target, `/* Written by npm run protocol from the hub's OpenAPI document. */\n\n${types}`);
