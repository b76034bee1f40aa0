import type { StructureState } from "@teleneedle/protocol";
import { type Container, DistanceField, type Mask } from "@teleneedle/viewer";
import { isTarget } from "../desk/structureLooks";
import type { ClearanceRule } from "../planDocument";
import { fetchContainer, fetchMask } from "./fetchBytes";

export interface LoadedStructure {
  readonly structure: StructureState;
  readonly mask?: Mask;
  readonly mesh?: Container;
  readonly field?: {
    readonly field: DistanceField;
    readonly affine: readonly number[];
    /** Of the parts that a rule calls large; missing where no rule does. */
    readonly large?: DistanceField;
  };
}

export interface StructureSink {
  onParts(parts: readonly LoadedStructure[]): void;
  onProblem(problem: unknown): void;
  /** How far the needles are from a structure as far as the plan says, mm; the nearest is measured first. */
  nearness(structure: StructureState): number;
}

const SIDE_BY_SIDE = 3;
/** Masks that come within this time are drawn together: every one would draw all pictures again. */
const GATHER_MS = 150;

/**
 * Brings masks, distances and surfaces in the order in which a person needs them: the target, what is drawn, the
 * distances that rules ask for, the surfaces. Asks for nothing twice.
 */
export class StructureLoader {
  /** The version of each structure that was asked for last. */
  private readonly asked = new Map<string, string>();
  private rules: Promise<readonly ClearanceRule[]> = Promise.resolve([]);

  constructor(
    private readonly sink: StructureSink,
    private readonly signal: AbortSignal,
  ) {}

  /** Rules say which structures need distances, and of which the large parts as well. */
  followRules(rules: Promise<readonly ClearanceRule[]>): void {
    this.rules = rules.catch(() => []);
  }

  /** `onTarget` is called when the target can be drawn and counted. */
  async load(structures: readonly StructureState[], onTarget: () => void): Promise<void> {
    const fresh = structures.filter(({ name, sha256 }) => sha256 && this.asked.get(name) !== sha256);
    for (const { name, sha256 } of fresh) this.asked.set(name, sha256);
    const targets = fresh.filter(isTarget);
    const others = fresh.filter((structure) => !isTarget(structure));
    await this.each(targets, this.maskOf);
    if (structures.length > 0) onTarget();
    await Promise.all([this.each(targets, this.distancesOf), this.each(others, this.maskOf, GATHER_MS)]);
    await this.each(await this.measured(others), this.distancesOf);
    await this.each(fresh, this.surfaceOf);
  }

  /** The structures that a needle is measured to or that bound the margin, the nearest first, small before large. */
  private async measured(structures: readonly StructureState[]): Promise<StructureState[]> {
    const rules = await this.rules;
    const isAsked = ({ name, kind }: StructureState) =>
      kind === "liver" || rules.some((rule) => rule.kind === kind || rule.kind === name);
    const near = (one: StructureState) => this.sink.nearness(one);
    return structures
      .filter(isAsked)
      .sort((a, b) => near(a) - near(b) || (a.volume_ml ?? 0) - (b.volume_ml ?? 0));
  }

  private readonly maskOf = async (structure: StructureState): Promise<LoadedStructure> => ({
    structure,
    mask: await fetchMask(structure.sha256, this.signal),
  });

  private readonly surfaceOf = async (structure: StructureState): Promise<LoadedStructure> => ({
    structure,
    mesh: await fetchContainer(`/api/structures/${structure.sha256}/mesh`, this.signal),
  });

  private readonly distancesOf = async (structure: StructureState): Promise<LoadedStructure> => {
    const path = `/api/structures/${structure.sha256}/distance`;
    const whole = await fetchContainer(path, this.signal);
    const affine = (whole.facts.affine as number[]).flat();
    const field = { field: DistanceField.read(whole), affine };
    const largeFrom = (await this.rules).find(({ kind }) => kind === structure.kind)?.large_from_mm;
    if (largeFrom == null) return { structure, field };
    const large = await fetchContainer(`${path}?part=large`, this.signal);
    return { structure, field: { ...field, large: DistanceField.read(large) } };
  };

  /** Load some side by side; what comes is handed over at once, or together with what comes within `gatherMs`. */
  private async each(
    structures: readonly StructureState[],
    load: (structure: StructureState) => Promise<LoadedStructure>,
    gatherMs = 0,
  ): Promise<void> {
    const waiting = [...structures];
    let come: LoadedStructure[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const handOver = () => {
      clearTimeout(timer);
      timer = undefined;
      const newest = come.filter(({ structure: { name, sha256 } }) => this.asked.get(name) === sha256);
      come = [];
      if (newest.length > 0 && !this.signal.aborted) this.sink.onParts(newest);
    };
    const work = async () => {
      for (let next = waiting.shift(); next && !this.signal.aborted; next = waiting.shift()) {
        try {
          const loaded = await load(next);
          come.push(loaded); // looked up after the wait: meanwhile what had come was handed over
          if (gatherMs === 0) handOver();
          else timer ??= setTimeout(handOver, gatherMs);
        } catch (problem) {
          if (!this.signal.aborted) this.sink.onProblem(problem);
        }
      }
    };
    await Promise.all(Array.from({ length: SIDE_BY_SIDE }, work));
    handOver();
  }
}
