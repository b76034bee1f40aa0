import type { Ellipsoid, Lps, Vec3 } from "@teleneedle/geometry";
import {
  AmbientLight,
  BufferAttribute,
  BufferGeometry,
  Color,
  CylinderGeometry,
  DirectionalLight,
  FrontSide,
  Group,
  Mesh,
  MeshLambertMaterial,
  type Object3D,
  PerspectiveCamera,
  Points,
  PointsMaterial,
  Quaternion,
  Scene,
  SphereGeometry,
  Vector3,
  WebGLRenderer,
} from "three";
import { OrbitControls } from "three/examples/jsm/controls/OrbitControls.js";
import { accessColours } from "./access-map";
import { cardName, isSoftwareCard } from "./choose-renderer";
import { FrameLoop } from "./frame-loop";
import { SceneLetters } from "./scene-letters";
import type { Needle, Structure, ViewerStore, Zone } from "./state";
import { LAYER, StillPicture } from "./still-picture";
import { arrayOf, type Container } from "./tnb1";

/** The structures as surfaces, with needles, zones and where on the skin a needle may enter. Draws only on demand. */
export class Scene3d {
  private readonly scene = new Scene();
  private readonly camera = new PerspectiveCamera(35, 1, 1, 5000);
  private readonly renderer: WebGLRenderer;
  private readonly controls: OrbitControls;
  private readonly letters: SceneLetters;
  private readonly surfaces = new Map<number, Mesh<BufferGeometry, MeshLambertMaterial>>();
  private readonly tools = new Group();
  private readonly zones = new Group();
  private access: Points<BufferGeometry, PointsMaterial> | null = null;
  private part: Mesh<BufferGeometry, MeshLambertMaterial> | null = null;
  private readonly frames = new FrameLoop(() => this.renderMoving());
  private readonly isSoftware: boolean;
  /** Without a card: the surfaces as a picture, while only needles and zones move. */
  private readonly still: StillPicture | null;
  private isStill = false;
  private settle = 0;
  private readonly observer: ResizeObserver;
  private readonly lamp = new DirectionalLight(0xffffff, 2.2);
  private readonly shaft = new CylinderGeometry(1, 1, 1, 10);
  private readonly ball = new SphereGeometry(1, 32, 20);
  private readonly planned = new MeshLambertMaterial({ color: 0xffd54a });
  private readonly found = new MeshLambertMaterial({ color: 0x35b58a });
  private readonly zone = new MeshLambertMaterial({
    color: 0xf0e442,
    opacity: 0.28,
    transparent: true,
    depthWrite: false,
  });
  private stop = () => {};

  /** Throws where the browser has no WebGL; the app then shows the slices alone. */
  constructor(readonly host: HTMLElement) {
    this.isSoftware = isSoftwareCard(cardName());
    const antialias = !this.isSoftware;
    this.renderer = new WebGLRenderer({ antialias, alpha: false, powerPreference: "high-performance" });
    this.renderer.setClearColor(0x0b0e13);
    this.renderer.setPixelRatio(this.fullRatio());
    const { domElement } = this.renderer;
    Object.assign(domElement.style, {
      position: "absolute",
      inset: "0",
      display: "block",
      touchAction: "none",
    });
    host.append(domElement);
    this.letters = new SceneLetters(host);
    this.camera.up.set(0, 0, 1);
    this.controls = new OrbitControls(this.camera, domElement);
    this.controls.enableDamping = false;
    this.controls.addEventListener("change", () => this.change());
    this.scene.add(new AmbientLight(0xffffff, 0.9), this.camera, this.tools, this.zones);
    this.camera.add(this.lamp);
    this.scene.traverse((object) => object.layers.enableAll());
    this.still = this.isSoftware ? new StillPicture(this.scene) : null;
    for (const material of [this.planned, this.found, this.zone]) this.still?.place(material);
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(host);
    this.resize();
  }

  /** Show a surface from its container (`vertices`, `normals`, `faces`), or take it away. */
  setSurface(id: number, container: Container | null): void {
    this.surfaces.get(id)?.geometry.dispose();
    this.surfaces.get(id)?.material.dispose();
    this.surfaces.get(id)?.removeFromParent();
    this.surfaces.delete(id);
    if (container) {
      const surface = new Mesh(geometryOf(container), new MeshLambertMaterial({ side: FrontSide }));
      surface.layers.set(LAYER.solid);
      this.surfaces.set(id, surface);
      this.scene.add(surface);
    }
    this.change();
  }

  /** Colour, visibility and opacity by structure; `opacityOf` defaults to solid. */
  setStyles(structures: readonly Structure[], opacityOf: (structure: Structure) => number = () => 1): void {
    for (const structure of structures) {
      const surface = this.surfaces.get(structure.id);
      if (!surface) continue;
      const opacity = opacityOf(structure);
      const [r, g, b] = structure.colour;
      surface.visible = structure.visible && opacity > 0;
      surface.material.color = new Color(`rgb(${r},${g},${b})`);
      surface.material.opacity = opacity;
      surface.material.transparent = opacity < 1;
      surface.material.depthWrite = opacity >= 1;
      surface.renderOrder = opacity < 1 ? 2 : 0;
      surface.layers.set(opacity < 1 ? LAYER.clear : LAYER.solid);
    }
    this.change();
  }

  setNeedles(needles: readonly Needle[]): void {
    this.tools.clear();
    for (const needle of needles) {
      const material = needle.found ? this.found : this.planned;
      const shaft = new Mesh(this.shaft, material);
      const [from, to] = [vector(needle.entry), vector(needle.tip)];
      shaft.position.copy(from).add(to).multiplyScalar(0.5);
      shaft.scale.set(Math.max(1, needle.radiusMm), from.distanceTo(to), Math.max(1, needle.radiusMm));
      shaft.quaternion.copy(turnTo(to.clone().sub(from)));
      const end = new Mesh(this.ball, material);
      end.position.copy(to);
      end.scale.setScalar(2);
      this.tools.add(shaft, end);
    }
    this.frames.request();
  }

  setZones(zones: readonly Zone[]): void {
    this.zones.clear();
    for (const { centre, axis, p50 } of zones) this.zones.add(this.shell({ centre, axis, ...p50 }));
    this.frames.request();
  }

  private shell({ centre, axis, longMm, shortMm }: Ellipsoid): Object3D {
    const shell = new Mesh(this.ball, this.zone);
    shell.position.copy(vector(centre));
    shell.scale.set(shortMm / 2, longMm / 2, shortMm / 2);
    shell.quaternion.copy(turnTo(vector(axis)));
    shell.renderOrder = 3;
    return shell;
  }

  /** Colour the skin by the slack of the best path from there, or take the map away. */
  setAccessMap(container: Container | null): void {
    this.access?.geometry.dispose();
    this.access?.material.dispose();
    this.access?.removeFromParent();
    this.access = null;
    if (container) {
      const geometry = new BufferGeometry();
      const quality = arrayOf(container, "quality_mm", "float32").values;
      geometry.setAttribute(
        "position",
        new BufferAttribute(arrayOf(container, "points", "float32").values, 3),
      );
      geometry.setAttribute("color", new BufferAttribute(accessColours(quality), 3, true));
      this.access = new Points(geometry, new PointsMaterial({ size: 3, vertexColors: true }));
      this.access.layers.set(LAYER.solid);
      this.scene.add(this.access);
    }
    this.change();
  }

  /** Show a printed part, a puncture template for example, from its container; or take it away. */
  setPart(container: Container | null): void {
    this.part?.geometry.dispose();
    this.part?.material.dispose();
    this.part?.removeFromParent();
    this.part = null;
    if (container) {
      const material = new MeshLambertMaterial({ color: 0x9fb6c9, side: FrontSide, flatShading: true });
      this.part = new Mesh(geometryOf(container), material);
      this.part.layers.set(LAYER.solid);
      this.scene.add(this.part);
    }
    this.change();
  }

  /** Follow needles, zones and structures of a workspace. */
  follow(store: ViewerStore, opacityOf?: (structure: Structure) => number): void {
    this.stop();
    const { needles, zones, structures } = store.getState();
    this.setNeedles(needles);
    this.setZones(zones);
    this.setStyles(structures, opacityOf);
    this.stop = store.subscribe((now, before) => {
      if (now.needles !== before.needles) this.setNeedles(now.needles);
      if (now.zones !== before.zones) this.setZones(now.zones);
      if (now.structures !== before.structures) this.setStyles(now.structures, opacityOf);
    });
  }

  /** Look at `centre` from the front, so that `radiusMm` around it is in the picture. */
  frame(centre: Lps, radiusMm: number, from: Vec3 = [-0.35, -1, 0.25]): void {
    const away = radiusMm / Math.sin((this.camera.fov * Math.PI) / 360);
    this.camera.position.copy(vector(centre)).addScaledVector(vector(from).normalize(), away);
    this.controls.target.copy(vector(centre));
    this.controls.update();
    this.change();
  }

  /** The eye or a surface has changed: everything is drawn anew. */
  private change(): void {
    this.isStill = false;
    this.letters.show(this.camera);
    this.still?.forget();
    this.frames.request();
  }

  private resize(): void {
    const { clientWidth: width, clientHeight: height } = this.host;
    if (width < 2 || height < 2) return;
    this.renderer.setSize(width, height);
    this.camera.aspect = width / height;
    this.camera.updateProjectionMatrix();
    this.change();
  }

  private fullRatio(): number {
    return this.isSoftware ? 1 : Math.min(window.devicePixelRatio || 1, 2);
  }

  /** Without a card the picture is coarse while the eye moves, and sharp when it rests or only needles move. */
  renderMoving(): void {
    if (!this.still) {
      this.render();
      return;
    }
    if (this.isStill) {
      this.useRatio(this.fullRatio());
      this.still.draw(this.renderer, this.camera);
    } else this.draw(0.5);
    this.isStill = true;
    window.clearTimeout(this.settle);
    this.settle = window.setTimeout(() => this.render(), 250);
  }

  /** Draw now, sharp. */
  render(): void {
    window.clearTimeout(this.settle);
    this.draw(this.fullRatio());
  }

  private draw(ratio: number): void {
    this.useRatio(ratio);
    this.camera.layers.set(LAYER.moving);
    this.camera.layers.enable(LAYER.solid);
    this.camera.layers.enable(LAYER.clear);
    this.renderer.render(this.scene, this.camera);
  }

  private useRatio(ratio: number): void {
    if (this.renderer.getPixelRatio() !== ratio) this.renderer.setPixelRatio(ratio);
  }

  get canvas(): HTMLCanvasElement {
    return this.renderer.domElement;
  }

  dispose(): void {
    this.stop();
    this.frames.cancel();
    window.clearTimeout(this.settle);
    this.observer.disconnect();
    for (const id of [...this.surfaces.keys()]) this.setSurface(id, null);
    this.setAccessMap(null);
    this.setPart(null);
    this.frames.cancel();
    for (const material of [this.planned, this.found, this.zone]) material.dispose();
    this.still?.dispose();
    this.shaft.dispose();
    this.ball.dispose();
    this.controls.dispose();
    this.letters.dispose();
    this.renderer.dispose();
    this.renderer.forceContextLoss();
    this.renderer.domElement.remove();
  }
}

/** A surface from its container: `vertices`, `normals`, `faces`. */
function geometryOf(container: Container): BufferGeometry {
  const geometry = new BufferGeometry();
  const place = (name: string) => new BufferAttribute(arrayOf(container, name, "float32").values, 3);
  geometry.setAttribute("position", place("vertices"));
  geometry.setAttribute("normal", place("normals"));
  geometry.setIndex(new BufferAttribute(arrayOf(container, "faces", "uint32").values, 1));
  return geometry;
}

const vector = (p: Vec3): Vector3 => new Vector3(p[0], p[1], p[2]);
const UP = new Vector3(0, 1, 0);
const turnTo = (direction: Vector3): Quaternion =>
  new Quaternion().setFromUnitVectors(UP, direction.normalize());
