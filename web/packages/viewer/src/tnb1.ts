/** TNB1: magic, header length (uint32 LE), JSON header, payload that starts at a multiple of 8. */
export type Dtype = "int16" | "uint8" | "uint32" | "float32";
export type TypedArray = Int16Array | Uint8Array | Uint32Array | Float32Array;

const CONSTRUCTORS = {
  int16: Int16Array,
  uint8: Uint8Array,
  uint32: Uint32Array,
  float32: Float32Array,
} as const;

export interface NamedArray {
  readonly shape: readonly number[];
  readonly values: TypedArray;
}

export interface Container {
  readonly facts: Readonly<Record<string, unknown>>;
  readonly arrays: ReadonlyMap<string, NamedArray>;
}

interface Entry {
  name: string;
  dtype: Dtype;
  shape: number[];
  offset: number;
}

const MAGIC = "TNB1";

export class ContainerError extends Error {
  override readonly name = "ContainerError";
}

function entryOf(raw: unknown): Entry {
  const { name, dtype, shape, offset } = (raw ?? {}) as Record<string, unknown>;
  const whole = (n: unknown): n is number => Number.isSafeInteger(n) && (n as number) >= 0;
  const known = typeof dtype === "string" && dtype in CONSTRUCTORS;
  if (typeof name !== "string" || !known || !whole(offset) || !Array.isArray(shape) || !shape.every(whole)) {
    throw new ContainerError(`array entry is not understood: ${JSON.stringify(raw)}`);
  }
  return { name, dtype: dtype as Dtype, shape: shape as number[], offset };
}

/** Read a container. Arrays are views of `buffer`: nothing is copied. */
export function readContainer(buffer: ArrayBuffer): Container {
  const bytes = new Uint8Array(buffer);
  if (bytes.length < 8 || String.fromCharCode(...bytes.subarray(0, 4)) !== MAGIC) {
    throw new ContainerError("this is no TNB1 container");
  }
  const headerLength = new DataView(buffer).getUint32(4, true);
  const start = 8 + headerLength;
  if (start > bytes.length) throw new ContainerError("the TNB1 header is cut off");
  let header: Record<string, unknown>;
  try {
    header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, start))) as Record<string, unknown>;
  } catch {
    throw new ContainerError("the TNB1 header is no JSON");
  }
  const { arrays: listed, ...facts } = header;
  const arrays = new Map<string, NamedArray>();
  for (const raw of Array.isArray(listed) ? listed : []) {
    const entry = entryOf(raw);
    arrays.set(entry.name, { shape: entry.shape, values: viewOf(buffer, start, entry) });
  }
  return { facts, arrays };
}

function viewOf(buffer: ArrayBuffer, start: number, entry: Entry): TypedArray {
  const kind = CONSTRUCTORS[entry.dtype];
  const count = entry.shape.reduce((a, b) => a * b, 1);
  const from = start + entry.offset;
  const bytes = count * kind.BYTES_PER_ELEMENT;
  if (from + bytes > buffer.byteLength) throw new ContainerError(`array ${entry.name} is cut off`);
  return from % kind.BYTES_PER_ELEMENT === 0
    ? new kind(buffer, from, count)
    : new kind(buffer.slice(from, from + bytes));
}

/** The named array with the expected type, or an error that names it. */
export function arrayOf<T extends Dtype>(
  container: Container,
  name: string,
  dtype: T,
): { shape: readonly number[]; values: InstanceType<(typeof CONSTRUCTORS)[T]> } {
  const found = container.arrays.get(name);
  if (!found || !(found.values instanceof CONSTRUCTORS[dtype])) {
    throw new ContainerError(`the container has no ${dtype} array ${name}`);
  }
  return found as { shape: readonly number[]; values: InstanceType<(typeof CONSTRUCTORS)[T]> };
}

const up8 = (n: number) => (n + 7) & ~7;
const dtypeOf = (values: TypedArray): Dtype =>
  (Object.keys(CONSTRUCTORS) as Dtype[]).find((d) => values instanceof CONSTRUCTORS[d]) ?? "uint8";

/** Write a container with `facts` beside the arrays in the header. */
export function writeContainer(
  arrays: Readonly<Record<string, NamedArray>>,
  facts: Readonly<Record<string, unknown>> = {},
): ArrayBuffer {
  let offset = 0;
  const entries: Entry[] = [];
  for (const [name, { shape, values }] of Object.entries(arrays)) {
    entries.push({ name, dtype: dtypeOf(values), shape: [...shape], offset });
    offset += up8(values.byteLength);
  }
  const json = new TextEncoder().encode(JSON.stringify({ ...facts, arrays: entries }));
  const headerLength = up8(json.length);
  const out = new Uint8Array(8 + headerLength + offset);
  out.set(new TextEncoder().encode(MAGIC));
  new DataView(out.buffer).setUint32(4, headerLength, true);
  out.fill(0x20, 8, 8 + headerLength);
  out.set(json, 8);
  for (const entry of entries) {
    const { values } = arrays[entry.name] as NamedArray;
    out.set(
      new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
      8 + headerLength + entry.offset,
    );
  }
  return out.buffer;
}
