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

function isWriting(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

/** One listener for every key of the app; silent while somebody writes or a dialog is open. */
export function useKeyboard(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || isWriting(event.target) || document.querySelector("dialog[open]")) return;
      const action = findAction(listActions(useRegistry.getState().byOwner), event);
      if (!action) return;
      event.preventDefault();
      action.run();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
}
