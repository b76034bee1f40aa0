import type { ReactNode } from "react";

interface Props {
  title: string;
  who: string;
  when: string;
  testId: string;
  children?: ReactNode;
}

/** One of two versions that stand against each other: whose it is and when it was made. */
export function VersionCard({ title, who, when, testId, children }: Props) {
  return (
    <div className="rounded border border-line p-3" data-testid={`version-${testId}`}>
      <h3 className="text-label font-semibold text-quiet">{title}</h3>
      <p className="font-semibold">{who}</p>
      <p className="text-quiet">{when}</p>
      {children}
    </div>
  );
}
