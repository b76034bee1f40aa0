import type { ReactNode } from "react";

/** Says why there is nothing here, and what would fill it. */
export function EmptyState({
  title,
  children,
  action,
}: {
  title: ReactNode;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className="flex flex-col items-center gap-2 px-6 py-10 text-center">
      <p className="text-ink">{title}</p>
      {children && <p className="max-w-prose text-quiet">{children}</p>}
      {action && <div className="mt-1">{action}</div>}
    </div>
  );
}
