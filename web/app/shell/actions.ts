import { useEffect, useRef } from "react";
import { create } from "zustand";

export type ActionGroup = "general" | "case" | "planning" | "view";

/** Something a person can do here; menus, keys and the key sheet all read this one list. */
export interface Action {
  id: string;
  label: string;
  /** For a button with little room. */
  short?: string;
  group: ActionGroup;
  /** Such as `?`, `Shift+ArrowUp`, `Mod+z`; several are alternatives. */
  keys?: readonly string[];
  isEnabled?: boolean;
  /** For what can be on or off: whether it is on. */
  isOn?: boolean;
  run: () => void;
}

interface Registry {
  byOwner: ReadonlyMap<symbol, readonly Action[]>;
  put: (owner: symbol, actions: readonly Action[]) => void;
  drop: (owner: symbol) => void;
}

export const useRegistry = create<Registry>((set) => ({
  byOwner: new Map(),
  put: (owner, actions) => set((now) => ({ byOwner: new Map(now.byOwner).set(owner, actions) })),
  drop: (owner) =>
    set((now) => {
      const next = new Map(now.byOwner);
      next.delete(owner);
      return { byOwner: next };
    }),
}));

/** The newest owner comes first, so that a page may give a key its own meaning. */
export function listActions(byOwner: Registry["byOwner"]): Action[] {
  return [...byOwner.values()].reverse().flat();
}

/** Offers actions for as long as the component is on screen. */
export function useActions(actions: readonly Action[]): void {
  const owner = useRef(Symbol("actions"));
  const latest = useRef(actions);
  latest.current = actions;
  const shape = JSON.stringify(actions.map(({ run: _run, ...rest }) => rest));
  const { put, drop } = useRegistry.getState();
  // biome-ignore lint/correctness/useExhaustiveDependencies: `shape` stands for the actions, whose closures change every time.
  useEffect(() => {
    const key = owner.current;
    put(
      key,
      latest.current.map((action, index) => ({ ...action, run: () => latest.current[index]?.run() })),
    );
    return () => drop(key);
  }, [shape, put, drop]);
}
