import type { ReactNode } from "react";
import { classNames } from "./classNames";

export type Mark = "ok" | "warn" | "stop" | "unknown";

const SHAPES: Record<Mark, string> = { ok: "✔", warn: "▲", stop: "✖", unknown: "◇" };
const COLOURS: Record<Mark, string> = {
  ok: "text-ok",
  warn: "text-warn",
  stop: "text-stop",
  unknown: "text-unknown",
};

/** A state by shape, word and colour together, so that none of the three carries it alone. */
export function StateMark({
  mark,
  children,
  className,
}: {
  mark: Mark;
  children: ReactNode;
  className?: string;
}) {
  return (
    <span className={classNames("inline-flex items-baseline gap-1", COLOURS[mark], className)}>
      <span aria-hidden className="text-[0.9em]">
        {SHAPES[mark]}
      </span>
      <span>{children}</span>
    </span>
  );
}
