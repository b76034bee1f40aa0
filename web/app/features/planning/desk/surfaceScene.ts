import type { Lps } from "@teleneedle/geometry";
import {
  type Container,
  loadScene3d,
  type Scene3d,
  type Structure,
  type ViewerStore,
} from "@teleneedle/viewer";
import { solidity } from "./structureLooks";

/** The 3-D picture of a desk: keeps the surfaces that arrive before there is a place to draw them. */
export class SurfaceScene {
  private scene: Scene3d | null = null;
  private readonly surfaces = new Map<number, Container>();
  private store: ViewerStore | null = null;
  private kindOf: (name: string) => string = (name) => name;
  private access: Container | null = null;
  private part: Container | null = null;
  private isNeeded = () => {};
  /** Resolves once there is something to draw: the planes and the numbers come before the scene is made. */
  private readonly needed = new Promise<void>((resolve) => {
    this.isNeeded = resolve;
  });
  /** Who asked for the scene last; an earlier asker finds it is not wanted any more. */
  private asked: object = {};
  private view: { centre: Lps; radiusMm: number } | null = null;

  follow(store: ViewerStore, kindOf: (name: string) => string): void {
    this.store = store;
    this.kindOf = kindOf;
  }

  /** Begin drawing in `host`; false where the browser has no WebGL. */
  async attach(host: HTMLElement): Promise<boolean> {
    this.detach();
    const asked = this.asked;
    await this.needed;
    const Scene = await loadScene3d();
    if (asked !== this.asked) return true;
    try {
      this.scene = new Scene(host);
    } catch {
      return false;
    }
    for (const [id, surface] of this.surfaces) this.scene.setSurface(id, surface);
    if (this.store) this.scene.follow(this.store, this.opacityOf);
    if (this.access) this.scene.setAccessMap(this.access);
    if (this.part) this.scene.setPart(this.part);
    if (this.view) this.scene.frame(this.view.centre, this.view.radiusMm);
    return true;
  }

  private readonly opacityOf = (structure: Structure) => solidity(this.kindOf(structure.name));

  setSurface(id: number, surface: Container, structures: readonly Structure[]): void {
    this.surfaces.set(id, surface);
    this.isNeeded();
    this.scene?.setSurface(id, surface);
    this.scene?.setStyles(structures, this.opacityOf);
  }

  setAccessMap(access: Container | null): void {
    this.access = access;
    if (access) this.isNeeded();
    this.scene?.setAccessMap(access);
  }

  /** Show a printed part, or take it away. */
  setPart(part: Container | null): void {
    this.part = part;
    if (part) this.isNeeded();
    this.scene?.setPart(part);
  }

  frame(centre: Lps, radiusMm: number): void {
    this.view = { centre, radiusMm };
    this.scene?.frame(centre, radiusMm);
  }

  detach(): void {
    this.asked = {};
    this.scene?.dispose();
    this.scene = null;
  }

  dispose(): void {
    this.detach();
    this.surfaces.clear();
    this.access = null;
    this.part = null;
    this.store = null;
  }
}
