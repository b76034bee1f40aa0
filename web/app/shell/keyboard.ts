import { useEffect } from "react";
import { type Action, listActions, useRegistry } from "./actions";

type Pressed = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">;

/** Whether a pressed key is the one written as `Shift+ArrowUp` or `Mod+z`. Shift is part of a printed sign such as `?`. */
export function matches(written: string, event: Pressed): boolean {
  const parts = written.split("+");
  const key = parts.pop() || "+";
  const wants = (name: string) => parts.includes(name);
  const isPrinted = key.length === 1 && key.toLowerCase() === key.toUpperCase();
  return (
    event.key.toLowerCase() === (key === "Space" ? " " : key.toLowerCase()) &&
    wants("Mod") === (event.ctrlKey || event.metaKey) &&
    wants("Alt") === event.altKey &&
    (isPrinted || wants("Shift") === event.shiftKey)
  );
}

export function findAction(actions: readonly Action[], event: Pressed): Action | undefined {
  return actions.find(
    (action) => action.isEnabled !== false && action.keys?.some((written) => matches(written, event)),
  );
}

const TEXTLESS = /^(button|submit|reset|image|checkbox|radio|range|color|file)$/;
const ARROWS = /^(Arrow|Home|End|Page)/;

/** What of a focused element decides which keys are its own. */
export interface Focused {
  tagName: string;
  type?: string;
  role?: string | null;
  isContentEditable?: boolean;
}

/**
 * Whether the focused element needs this key for itself: whoever types keeps every key; a button keeps Space and
 * Enter, a slider and a tab their arrows.
 */
export function keepsKey({ tagName, type = "", role, isContentEditable }: Focused, key: string): boolean {
  if (isContentEditable || tagName === "TEXTAREA" || tagName === "SELECT") return true;
  if (tagName === "INPUT" && !TEXTLESS.test(type)) return true;
  if (role === "tab" || role === "menuitem" || type === "range" || type === "radio")
    return ARROWS.test(key) || key === " " || key === "Enter";
  if (tagName === "INPUT" || tagName === "BUTTON" || tagName === "A" || tagName === "SUMMARY")
    return key === " " || key === "Enter";
  return false;
}

const keepsOwn = (event: KeyboardEvent) =>
  event.target instanceof HTMLElement &&
  keepsKey(
    {
      tagName: event.target.tagName,
      type: "type" in event.target ? String(event.target.type) : "",
      role: event.target.getAttribute("role"),
      isContentEditable: event.target.isContentEditable,
    },
    event.key,
  );

/** One listener for every key of the app; silent while somebody types or a dialog is open. */
export function useKeyboard(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || keepsOwn(event) || document.querySelector("dialog[open]")) return;
      const action = findAction(listActions(useRegistry.getState().byOwner), event);
      if (!action) return;
      event.preventDefault();
      action.run();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
}
