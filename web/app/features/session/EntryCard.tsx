import { type ReactNode, useEffect } from "react";

/** The one panel of a page that is seen before anybody is signed in. */
export function EntryCard({ title, text, children }: { title: string; text: string; children: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Teleneedle`;
  }, [title]);
  return (
    <main id="content" tabIndex={-1} className="min-h-0 flex-1 overflow-auto px-4 outline-none">
      <div className="mx-auto mt-[12vh] mb-8 w-full max-w-sm rounded-md border border-line bg-panel p-6">
        <h1 className="text-title font-semibold">{title}</h1>
        <p className="mt-1 mb-5 text-quiet">{text}</p>
        {children}
      </div>
    </main>
  );
}
