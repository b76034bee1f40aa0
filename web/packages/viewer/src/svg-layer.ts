const SVG = "http://www.w3.org/2000/svg";
type Attributes = Readonly<Record<string, string | number | undefined>>;

interface Kept {
  readonly element: SVGElement;
  readonly attributes: Map<string, string>;
  frame: number;
}

/** Keeps SVG elements by key from frame to frame, so that a focused handle stays focused. */
export class SvgLayer {
  readonly root: SVGSVGElement;
  private readonly kept = new Map<string, Kept>();
  private frame = 0;

  constructor(label: string) {
    this.root = document.createElementNS(SVG, "svg");
    this.root.setAttribute("role", "group");
    this.root.setAttribute("aria-label", label);
    Object.assign(this.root.style, { position: "absolute", inset: "0", width: "100%", height: "100%" });
    this.root.style.overflow = "hidden";
  }

  begin(): void {
    this.frame++;
  }

  /** Draw an element; `undefined` attributes are left out. */
  draw(
    key: string,
    tag: string,
    attributes: Attributes,
    text?: string,
    parent: Element = this.root,
  ): SVGElement {
    let kept = this.kept.get(key);
    if (!kept) {
      kept = { element: document.createElementNS(SVG, tag) as SVGElement, attributes: new Map(), frame: 0 };
      this.kept.set(key, kept);
      parent.append(kept.element);
    }
    kept.frame = this.frame;
    for (const [name, value] of Object.entries(attributes)) {
      if (value === undefined) {
        if (kept.attributes.delete(name)) kept.element.removeAttribute(name);
        continue;
      }
      const written = typeof value === "number" ? String(Math.round(value * 100) / 100) : value;
      if (kept.attributes.get(name) === written) continue;
      kept.attributes.set(name, written);
      kept.element.setAttribute(name, written);
    }
    if (text !== undefined && kept.element.textContent !== text) kept.element.textContent = text;
    return kept.element;
  }

  /** Remove what was not drawn since `begin`. */
  end(): void {
    for (const [key, kept] of this.kept) {
      if (kept.frame === this.frame) continue;
      kept.element.remove();
      this.kept.delete(key);
    }
  }

  dispose(): void {
    this.kept.clear();
    this.root.remove();
  }
}
