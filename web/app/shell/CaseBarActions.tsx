import { type ReactNode, useEffect, useState } from "react";
import { createPortal } from "react-dom";

/** Puts a page's main actions into the bar beside the patient. */
export function CaseBarActions({ children }: { children: ReactNode }) {
  const [place, setPlace] = useState<HTMLElement | null>(null);
  useEffect(() => setPlace(document.getElementById("case-bar-actions")), []);
  return place && createPortal(children, place);
}
