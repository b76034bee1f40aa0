import {
  type Camera,
  DepthTexture,
  HalfFloatType,
  type Material,
  Mesh,
  type Scene,
  UnsignedIntType,
  Vector2,
  type WebGLRenderer,
  WebGLRenderTarget,
} from "three";

/** What moves (needles, zones), what stands still and is solid, what stands still and lets light through. */
export const LAYER = { moving: 0, solid: 1, clear: 2 } as const;

const DECLARED = `
uniform bool isOverPicture;
uniform vec2 pictureSize;
uniform sampler2D solidDepth;
uniform sampler2D clearDepth;
uniform sampler2D clearColour;
void main() {`;
const HIDDEN = `#include <colorspace_fragment>
if (isOverPicture && gl_FragCoord.z > texture2D(solidDepth, gl_FragCoord.xy / pictureSize).r) discard;`;
const TINTED = `
if (isOverPicture) {
  vec2 at = gl_FragCoord.xy / pictureSize;
  vec4 front = texture2D(clearColour, at);
  if (front.a > 0.0 && gl_FragCoord.z > texture2D(clearDepth, at).r) {
    vec3 own = linearToOutputTexel(vec4(front.rgb / front.a, 1.0)).rgb;
    gl_FragColor.rgb = mix(gl_FragColor.rgb, own, front.a);
  }
}`;

/**
 * The surfaces of a scene as a picture with depths, drawn once while the eye stands still.
 *
 * A program that plays a graphics card needs some 30 ms for the surfaces of a patient. While only needles and
 * zones move, the kept picture is copied, and each of their pixels looks up whether it is behind a solid surface
 * or inside a clear one.
 */
export class StillPicture {
  private readonly solid = target();
  private readonly clear = target();
  private readonly uniforms = {
    isOverPicture: { value: false },
    pictureSize: { value: new Vector2() },
    solidDepth: { value: this.solid.depthTexture },
    clearDepth: { value: this.clear.depthTexture },
    clearColour: { value: this.clear.texture },
  };
  private copy: ColourCopy | null = null;
  private isKept = false;

  constructor(private readonly scene: Scene) {}

  /** Let a material of the moving layer be drawn into the picture; a clear one comes last, over clear surfaces. */
  place(material: Material): void {
    const placed = material.transparent ? HIDDEN : HIDDEN + TINTED;
    material.onBeforeCompile = (shader) => {
      Object.assign(shader.uniforms, this.uniforms);
      shader.fragmentShader = shader.fragmentShader
        .replace("void main() {", DECLARED)
        .replace("#include <colorspace_fragment>", placed);
    };
    material.customProgramCacheKey = () => placed;
  }

  /** The eye or a surface has changed. */
  forget(): void {
    this.isKept = false;
  }

  /** Draw what moves into the kept picture, which is made first if it is not there. */
  draw(renderer: WebGLRenderer, camera: Camera): void {
    if (!this.isKept) this.keep(renderer, camera);
    camera.layers.set(LAYER.moving);
    renderer.clear(false, true, false);
    this.copy?.show();
    this.uniforms.isOverPicture.value = true;
    renderer.autoClear = false;
    renderer.render(this.scene, camera);
    renderer.autoClear = true;
    this.uniforms.isOverPicture.value = false;
  }

  private keep(renderer: WebGLRenderer, camera: Camera): void {
    const size = renderer.getDrawingBufferSize(this.uniforms.pictureSize.value);
    for (const kept of [this.solid, this.clear]) kept.setSize(size.x, size.y);
    renderer.setRenderTarget(this.solid);
    camera.layers.set(LAYER.solid);
    renderer.render(this.scene, camera);
    renderer.setRenderTarget(this.clear);
    camera.layers.enable(LAYER.clear);
    const alpha = renderer.getClearAlpha();
    renderer.setClearAlpha(0);
    const restore = this.onlyDepthOfSolids();
    renderer.render(this.scene, camera);
    restore();
    renderer.setClearAlpha(alpha);
    renderer.setRenderTarget(null);
    renderer.render(this.scene, camera);
    this.copy ??= new ColourCopy(renderer.getContext() as WebGL2RenderingContext);
    this.copy.take(size.x, size.y);
    this.isKept = true;
  }

  /** Solid surfaces hide what is behind them and leave no colour; clear ones leave their depth too. */
  private onlyDepthOfSolids(): () => void {
    const changed: [Material, boolean, boolean][] = [];
    this.scene.traverse((object) => {
      if (!(object instanceof Mesh) || object.layers.isEnabled(LAYER.moving)) return;
      const material = object.material as Material;
      changed.push([material, material.colorWrite, material.depthWrite]);
      material.colorWrite = object.layers.isEnabled(LAYER.clear);
      material.depthWrite = true;
    });
    return () => {
      for (const [material, colorWrite, depthWrite] of changed)
        Object.assign(material, { colorWrite, depthWrite });
    };
  }

  dispose(): void {
    for (const kept of [this.solid, this.clear]) {
      kept.depthTexture?.dispose();
      kept.dispose();
    }
    this.copy?.dispose();
  }
}

function target(): WebGLRenderTarget {
  const depthTexture = new DepthTexture(2, 2, UnsignedIntType);
  return new WebGLRenderTarget(2, 2, { type: HalfFloatType, depthTexture });
}

/** The colours on the screen, kept and shown again without a pixel being computed. */
class ColourCopy {
  private readonly frame: WebGLFramebuffer;
  private readonly pixels: WebGLRenderbuffer;
  private size: readonly [number, number] = [0, 0];

  constructor(private readonly gl: WebGL2RenderingContext) {
    this.frame = gl.createFramebuffer();
    this.pixels = gl.createRenderbuffer();
  }

  take(width: number, height: number): void {
    const { gl } = this;
    this.size = [width, height];
    gl.bindRenderbuffer(gl.RENDERBUFFER, this.pixels);
    gl.renderbufferStorage(gl.RENDERBUFFER, gl.RGBA8, width, height);
    gl.bindRenderbuffer(gl.RENDERBUFFER, null);
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.frame);
    gl.framebufferRenderbuffer(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.RENDERBUFFER, this.pixels);
    this.blit(null, this.frame);
  }

  show(): void {
    this.blit(this.frame, null);
  }

  private blit(from: WebGLFramebuffer | null, to: WebGLFramebuffer | null): void {
    const { gl } = this;
    const [width, height] = this.size;
    gl.bindFramebuffer(gl.READ_FRAMEBUFFER, from);
    gl.bindFramebuffer(gl.DRAW_FRAMEBUFFER, to);
    gl.blitFramebuffer(0, 0, width, height, 0, 0, width, height, gl.COLOR_BUFFER_BIT, gl.NEAREST);
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
  }

  dispose(): void {
    this.gl.deleteFramebuffer(this.frame);
    this.gl.deleteRenderbuffer(this.pixels);
  }
}
