import { type ReactNode, useEffect } from "react";

interface PageProps {
  title: string;
  actions?: ReactNode;
  children: ReactNode;
}

/** An ordinary page that scrolls: a title, its actions, its content. */
export function Page({ title, actions, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · Teleneedle`;
  }, [title]);
  return (
    <main id="content" tabIndex={-1} className="min-h-0 flex-1 overflow-auto outline-none">
      <div className="mx-auto flex max-w-[1440px] flex-col gap-4 px-4 py-5 sm:px-6">
        <div className="flex min-h-8 flex-wrap items-center justify-between gap-3">
          <h1 className="text-title font-semibold">{title}</h1>
          {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
        </div>
        {children}
      </div>
    </main>
  );
}
