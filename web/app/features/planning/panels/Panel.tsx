import type { ReactNode } from "react";

/** A quiet block of facts with a heading. */
export function Panel({
  title,
  actions,
  children,
}: {
  title: string;
  actions?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className="border-b border-line px-3 py-2">
      <div className="mb-1 flex items-center justify-between gap-2">
        <h2 className="text-label font-semibold text-quiet">{title}</h2>
        {actions}
      </div>
      {children}
    </section>
  );
}

/** One fact a line: what on the left, how much on the right. */
export function Fact({ what, children }: { what: ReactNode; children: ReactNode }) {
  return (
    <div className="flex items-baseline justify-between gap-2 border-b border-line/60 py-0.5 last:border-0">
      <span className="min-w-0 leading-tight">{what}</span>
      <span className="text-right whitespace-nowrap tabular-nums">{children}</span>
    </div>
  );
}
