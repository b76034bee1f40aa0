import { useViewerState } from "../desk/useDesk";
import { ScenePane } from "./ScenePane";
import { SlicePane } from "./SlicePane";

const KINDS = ["axial", "coronal", "3d", "in-line", "probe-eye", "sagittal"] as const;

/** Six linked pictures, or the one that was enlarged by a double click. */
export function PaneGrid() {
  const enlarged = useViewerState((state) => state.enlarged);
  const shown = enlarged ? KINDS.filter((kind) => kind === enlarged) : KINDS;
  return (
    <div className={`grid min-h-0 flex-1 gap-0.5 bg-line ${enlarged ? "" : "grid-cols-3 grid-rows-2"}`}>
      {shown.map((kind) => (kind === "3d" ? <ScenePane key={kind} /> : <SlicePane key={kind} kind={kind} />))}
    </div>
  );
}
