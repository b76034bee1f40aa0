import type { StructureState } from "@teleneedle/protocol";
import { TargetPoints, type Workspace } from "@teleneedle/viewer";
import type { StoreApi } from "zustand/vanilla";
import type { Anatomy } from "./anatomy";
import type { DeskState } from "./deskState";
import { clearancesOf, coverageOf, planningTarget } from "./liveNumbers";
import { isTarget } from "./structureLooks";

/** The numbers beside the pictures: measured anew once a frame, however often something moves. */
export class LiveFigures {
  private targetPoints: TargetPoints | null = null;
  private planningPoints: TargetPoints | null = null;
  private frame = 0;

  constructor(
    private readonly workspace: Workspace,
    private readonly store: StoreApi<DeskState>,
    private readonly anatomy: Anatomy,
    /** Called before each measuring. */
    private readonly onRecount: () => void,
  ) {}

  private isOwnTarget(structure: StructureState): boolean {
    const named = this.store.getState().plan?.target.name;
    return named ? structure.name === named : isTarget(structure);
  }

  /** A mask or a field of the structure has come or changed. */
  structureChanged(structure: StructureState): void {
    if (this.isOwnTarget(structure)) this.measureTarget();
    if (this.isOwnTarget(structure) || structure.kind === "liver") this.measureMargin();
    this.recount();
  }

  measureTarget(): void {
    const target = this.anatomy.all.find((structure) => this.isOwnTarget(structure));
    const mask = target && this.anatomy.maskOf(target.name);
    const { affine } = this.anatomy;
    this.targetPoints = mask && affine ? TargetPoints.fromMask(mask, affine) : null;
  }

  measureMargin(): void {
    const { fields, all } = this.anatomy;
    const target = all.find((structure) => this.isOwnTarget(structure));
    const own = target && fields.get(target.name);
    const organ = [...fields.values()].find(({ kind }) => kind === "liver");
    const margin = this.store.getState().plan?.target.margin_mm;
    this.planningPoints =
      own && margin !== undefined ? planningTarget(own.field, own.affine, margin, organ?.field) : null;
  }

  recount(): void {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      this.onRecount();
      const { needles, selectedNeedle, zones } = this.workspace.store.getState();
      const { rules } = this.store.getState();
      const needle = needles.find(({ id }) => id === selectedNeedle);
      this.store.setState({
        live: {
          clearances: needle ? clearancesOf(needle, this.anatomy.fields, rules) : [],
          coverage:
            this.targetPoints && zones.length > 0
              ? coverageOf(this.targetPoints, this.planningPoints, zones)
              : null,
        },
      });
    });
  }

  dispose(): void {
    cancelAnimationFrame(this.frame);
    this.targetPoints = null;
    this.planningPoints = null;
  }
}
