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
import { isSoftwareCard } from "./choose-renderer";
import { FrameLoop } from "./frame-loop";
import type { Needle, Structure, ViewerStore, Zone } from "./state";
import { arrayOf, type Container } from "./tnb1";

/** The structures as surfaces, with needles, zones and where on the skin a needle may enter. Draws only on demand. */
export class Scene3d {
  private readonly scene = new Scene();
  private readonly camera = new PerspectiveCamera(35, 1, 1, 5000);
  private readonly renderer: WebGLRenderer;
  private readonly controls: OrbitControls;
  private readonly surfaces = new Map<number, Mesh<BufferGeometry, MeshLambertMaterial>>();
  private readonly tools = new Group();
  private readonly zones = new Group();
  private access: Points<BufferGeometry, PointsMaterial> | null = null;
  private readonly frames = new FrameLoop(() => this.renderMoving());
  private readonly isSoftware: boolean;
  private settle = 0;
  private readonly observer: ResizeObserver;
  private readonly lamp = new DirectionalLight(0xffffff, 2.2);
  private readonly shaft = new CylinderGeometry(1, 1, 1, 10);
  private readonly ball = new SphereGeometry(1, 32, 20);
  private stop = () => {};

  /** Throws where the browser has no WebGL; the app then shows the slices alone. */
  constructor(readonly host: HTMLElement) {
    this.isSoftware = hasSoftwareCard();
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
    this.camera.up.set(0, 0, 1);
    this.controls = new OrbitControls(this.camera, domElement);
    this.controls.enableDamping = false;
    this.controls.addEventListener("change", () => this.frames.request());
    this.scene.add(new AmbientLight(0xffffff, 0.9), this.camera, this.tools, this.zones);
    this.camera.add(this.lamp);
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
      const geometry = new BufferGeometry();
      geometry.setAttribute(
        "position",
        new BufferAttribute(arrayOf(container, "vertices", "float32").values, 3),
      );
      geometry.setAttribute(
        "normal",
        new BufferAttribute(arrayOf(container, "normals", "float32").values, 3),
      );
      geometry.setIndex(new BufferAttribute(arrayOf(container, "faces", "uint32").values, 1));
      const surface = new Mesh(geometry, new MeshLambertMaterial({ side: FrontSide }));
      this.surfaces.set(id, surface);
      this.scene.add(surface);
    }
    this.frames.request();
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
    }
    this.frames.request();
  }

  setNeedles(needles: readonly Needle[]): void {
    clear(this.tools);
    for (const needle of needles) {
      const material = new MeshLambertMaterial({ color: needle.found ? 0x35b58a : 0xffd54a });
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
    clear(this.zones);
    for (const { centre, axis, p50 } of zones) this.zones.add(this.shell({ centre, axis, ...p50 }));
    this.frames.request();
  }

  private shell({ centre, axis, longMm, shortMm }: Ellipsoid): Object3D {
    const material = new MeshLambertMaterial({
      color: 0xf0e442,
      opacity: 0.28,
      transparent: true,
      depthWrite: false,
    });
    const shell = new Mesh(this.ball, material);
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
      this.scene.add(this.access);
    }
    this.frames.request();
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
    this.frames.request();
  }

  private resize(): void {
    const { clientWidth: width, clientHeight: height } = this.host;
    if (width < 2 || height < 2) return;
    this.renderer.setSize(width, height);
    this.camera.aspect = width / height;
    this.camera.updateProjectionMatrix();
    this.frames.request();
  }

  private fullRatio(): number {
    return this.isSoftware ? 1 : Math.min(window.devicePixelRatio || 1, 2);
  }

  /** Without a card the picture is coarse while something moves, and sharp when it rests. */
  renderMoving(): void {
    if (!this.isSoftware) {
      this.render();
      return;
    }
    this.draw(0.5);
    window.clearTimeout(this.settle);
    this.settle = window.setTimeout(() => this.render(), 250);
  }

  /** Draw now, sharp. */
  render(): void {
    window.clearTimeout(this.settle);
    this.draw(this.fullRatio());
  }

  private draw(ratio: number): void {
    if (this.renderer.getPixelRatio() !== ratio) this.renderer.setPixelRatio(ratio);
    this.renderer.render(this.scene, this.camera);
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
    this.frames.cancel();
    clear(this.tools);
    clear(this.zones);
    this.shaft.dispose();
    this.ball.dispose();
    this.controls.dispose();
    this.renderer.dispose();
    this.renderer.forceContextLoss();
    this.renderer.domElement.remove();
  }
}

function hasSoftwareCard(): boolean {
  const gl = document.createElement("canvas").getContext("webgl2");
  const names = gl?.getExtension("WEBGL_debug_renderer_info");
  const name = gl && names ? String(gl.getParameter(names.UNMASKED_RENDERER_WEBGL)) : "";
  gl?.getExtension("WEBGL_lose_context")?.loseContext();
  return isSoftwareCard(name);
}

const vector = (p: Vec3): Vector3 => new Vector3(p[0], p[1], p[2]);
const UP = new Vector3(0, 1, 0);
const turnTo = (direction: Vector3): Quaternion =>
  new Quaternion().setFromUnitVectors(UP, direction.normalize());

/** Take everything out of a group; its geometry is shared and stays, its materials go. */
function clear(group: Group): void {
  for (const child of [...group.children]) {
    if (child instanceof Mesh) (child.material as MeshLambertMaterial).dispose();
    child.removeFromParent();
  }
}
