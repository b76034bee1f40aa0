import { assertDrawn, assertMoved, type Pixels } from "../pixels";

/** One scene of a viewer, drawn synchronously by `draw`. */
export interface Scene {
  /** What the panes show, for the report. */
  readonly what: string;
  draw(frame: number): void;
  /** Read one pixel of every canvas: nothing is counted as drawn before it is. */
  readBack(): void;
  /** Whole pictures of what `draw` has just drawn, by the name of the pane; checked for content and movement. */
  pictures(): Map<string, Pixels>;
  close(): void;
}

export type SceneName = "axialScroll" | "linkedPlanes" | "linked3Planes" | "needleDrag";

export interface Viewer {
  readonly name: string;
  /** From bytes in memory to three planes with labels, ms; once, on a fresh page. */
  firstPicture(): Promise<{ ms: number; pictures: Map<string, Pixels> }>;
  readonly scenes: Partial<Record<SceneName, () => Promise<Scene>>>;
}

const frame = () => new Promise<number>(requestAnimationFrame);

class Stage {
  readonly name;
  readonly offers;
  private scene: Scene | null = null;
  private next = 0;

  constructor(private readonly viewer: Viewer) {
    this.name = viewer.name;
    this.offers = Object.keys(viewer.scenes);
  }

  async firstPicture(): Promise<number> {
    const { ms, pictures } = await this.viewer.firstPicture();
    for (const [name, pixels] of pictures) assertDrawn(pixels, name);
    return ms;
  }

  /** Build a scene, draw until it is warm and check what it shows; what it is. */
  async open(name: SceneName): Promise<string> {
    const make = this.viewer.scenes[name];
    if (!make) throw new Error(`${this.viewer.name} has no ${name}`);
    this.scene = await make();
    this.next = 0;
    await this.frames(2);
    this.scene.draw(0);
    const before = this.scene.pictures();
    await frame();
    this.scene.draw(70);
    const after = this.scene.pictures();
    for (const [pane, pixels] of after) {
      assertDrawn(pixels, `${name} ${pane}`);
      assertMoved(before.get(pane) ?? pixels, pixels, `${name} ${pane}`);
    }
    return this.scene.what;
  }

  /** Wall times of that many frames, ms. */
  async frames(count: number): Promise<number[]> {
    const { scene } = this;
    if (!scene) throw new Error("no scene is open");
    const times: number[] = [];
    for (let n = 0; n < count; n++) {
      const start = performance.now();
      scene.draw(this.next++);
      scene.readBack();
      times.push(performance.now() - start);
      await frame();
    }
    return times;
  }

  close(): void {
    this.scene?.close();
    this.scene = null;
  }
}

declare global {
  interface Window {
    peerBench: Stage;
  }
}

export const publish = (viewer: Viewer): void => {
  window.peerBench = new Stage(viewer);
};
