import { useDesk, useViewerState } from "../desk/useDesk";
import { type AnyPane, areaOf, LAYOUTS, type Layout } from "./layouts";
import { PaneFrame } from "./PaneFrame";
import { ScenePane } from "./ScenePane";
import { SlicePane } from "./SlicePane";

/** Linked pictures, arranged for a task, or the one that was enlarged by a double click. */
export function PaneGrid({ layout }: { layout: Layout }) {
  const desk = useDesk();
  const enlarged = useViewerState((state) => state.enlarged);
  const { panes, areas, columns, rows } = LAYOUTS[layout];
  const shown: readonly AnyPane[] = enlarged ? [enlarged] : panes;
  return (
    <div
      className="grid min-h-0 flex-1 gap-0.5 bg-line"
      data-testid="panes"
      data-layout={enlarged ? "one" : layout}
      style={
        enlarged
          ? undefined
          : {
              gridTemplateAreas: areas.map((row) => `"${row}"`).join(" "),
              gridTemplateColumns: columns,
              gridTemplateRows: rows,
            }
      }
    >
      {shown.map((kind) => (
        <PaneFrame
          key={kind}
          kind={kind}
          area={enlarged ? undefined : areaOf(kind)}
          onActive={() => desk.activate(kind)}
        >
          {kind === "3d" ? <ScenePane /> : <SlicePane kind={kind} />}
        </PaneFrame>
      ))}
    </div>
  );
}
