import type { ReactNode } from "react";
import { classNames } from "./classNames";
import { type Mark, StateMark } from "./StateMark";

const EDGES: Record<Mark, string> = {
  ok: "border-l-ok",
  warn: "border-l-warn",
  stop: "border-l-stop",
  unknown: "border-l-accent",
};

interface BannerProps {
  mark: Mark;
  title: ReactNode;
  children?: ReactNode;
  actions?: ReactNode;
}

/** One thing to know before going on, with its reason and what can be done. */
export function Banner({ mark, title, children, actions }: BannerProps) {
  return (
    <div
      role={mark === "stop" ? "alert" : "status"}
      className={classNames("rounded border border-l-4 border-line bg-panel px-3 py-2", EDGES[mark])}
    >
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <div className="min-w-0">
          <StateMark mark={mark} className="font-medium">
            {title}
          </StateMark>
          {children && <div className="mt-0.5 text-ink">{children}</div>}
        </div>
        {actions && <div className="flex gap-2">{actions}</div>}
      </div>
    </div>
  );
}
