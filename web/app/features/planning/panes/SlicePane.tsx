import type { PaneKind } from "@teleneedle/viewer";
import { useEffect, useRef } from "react";
import { useDesk } from "../desk/useDesk";

/** One slice picture of the desk; everything inside is drawn by the viewer. */
export function SlicePane({ kind }: { kind: PaneKind }) {
  const desk = useDesk();
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!host.current) return;
    const pane = desk.workspace.attachPane(host.current, kind);
    desk.panes.set(kind, pane);
    return () => {
      desk.panes.delete(kind);
      pane.dispose();
    };
  }, [desk, kind]);
  return <div ref={host} className="h-full w-full" />;
}
