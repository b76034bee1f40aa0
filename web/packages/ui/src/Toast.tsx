import { type ReactNode, useSyncExternalStore } from "react";
import { type Mark, StateMark } from "./StateMark";

interface Toast {
  id: number;
  mark: Mark;
  text: ReactNode;
}

let toasts: readonly Toast[] = [];
let nextId = 1;
const listeners = new Set<() => void>();

function set(next: readonly Toast[]) {
  toasts = next;
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** Says in passing that something is done. What needs an answer belongs into the page, not here. */
export function showToast(text: ReactNode, mark: Mark = "ok"): void {
  const id = nextId++;
  set([...toasts.slice(-3), { id, mark, text }]);
  setTimeout(() => set(toasts.filter((toast) => toast.id !== id)), 6000);
}

export function ToastRegion() {
  const shown = useSyncExternalStore(subscribe, () => toasts);
  return (
    <div role="status" aria-live="polite" className="fixed right-4 bottom-12 z-50 flex flex-col gap-2">
      {shown.map((toast) => (
        <div key={toast.id} className="rounded border border-edge bg-raised px-3 py-2">
          <StateMark mark={toast.mark}>
            <span className="text-ink">{toast.text}</span>
          </StateMark>
        </div>
      ))}
    </div>
  );
}
