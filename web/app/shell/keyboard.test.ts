import { describe, expect, it } from "vitest";
import { findAction, keepsKey, matches } from "./keyboard";

const pressed = (key: string, more: Partial<KeyboardEvent> = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...more,
});

describe("keepsKey", () => {
  it("lets keys through while a button has the focus, except those that press it", () => {
    expect(keepsKey({ tagName: "BUTTON", type: "button" }, "b")).toBe(false);
    expect(keepsKey({ tagName: "BUTTON", type: "button" }, "ArrowUp")).toBe(false);
    expect(keepsKey({ tagName: "BUTTON", type: "button" }, " ")).toBe(true);
    expect(keepsKey({ tagName: "BUTTON", type: "button" }, "Enter")).toBe(true);
  });

  it("keeps every key where somebody types", () => {
    for (const type of ["text", "number", "password", "search", ""])
      expect(keepsKey({ tagName: "INPUT", type }, "b")).toBe(true);
    expect(keepsKey({ tagName: "TEXTAREA" }, "b")).toBe(true);
    expect(keepsKey({ tagName: "DIV", isContentEditable: true }, "b")).toBe(true);
  });

  it("keeps Space of a box to tick and the arrows of a slider and a tab", () => {
    expect(keepsKey({ tagName: "INPUT", type: "checkbox" }, " ")).toBe(true);
    expect(keepsKey({ tagName: "INPUT", type: "checkbox" }, "b")).toBe(false);
    expect(keepsKey({ tagName: "INPUT", type: "range" }, "ArrowLeft")).toBe(true);
    expect(keepsKey({ tagName: "INPUT", type: "range" }, "b")).toBe(false);
    expect(keepsKey({ tagName: "BUTTON", role: "tab" }, "ArrowRight")).toBe(true);
    expect(keepsKey({ tagName: "BUTTON", role: "tab" }, "b")).toBe(false);
  });
});

describe("matches", () => {
  it("takes the shift of a letter apart and that of a sign along", () => {
    expect(matches("Mod+z", pressed("z", { ctrlKey: true }))).toBe(true);
    expect(matches("Mod+z", pressed("Z", { ctrlKey: true, shiftKey: true }))).toBe(false);
    expect(matches("Mod+Shift+z", pressed("Z", { ctrlKey: true, shiftKey: true }))).toBe(true);
    expect(matches("?", pressed("?", { shiftKey: true }))).toBe(true);
    expect(matches("+", pressed("+", { shiftKey: true }))).toBe(true);
    expect(matches("Space", pressed(" "))).toBe(true);
  });

  it("finds no action that is not enabled", () => {
    const run = () => {};
    const actions = [
      { id: "off", label: "", group: "view" as const, keys: ["b"], isEnabled: false, run },
      { id: "on", label: "", group: "view" as const, keys: ["b"], run },
    ];
    expect(findAction(actions, pressed("b"))?.id).toBe("on");
  });
});
