import { useEffect } from "react";
import { create } from "zustand";

interface FooterPlan {
  version: number;
  sha256: string;
}

export const useFooterPlan = create<{ plan: FooterPlan | null; note: string }>(() => ({
  plan: null,
  note: "",
}));

/** Names the plan on screen in the footer of the page, with a short note such as when it was saved. */
export function useShowPlanInFooter(
  version: number | undefined,
  sha256: string | undefined,
  note = "",
): void {
  useEffect(() => {
    useFooterPlan.setState({ plan: version !== undefined && sha256 ? { version, sha256 } : null, note });
    return () => useFooterPlan.setState({ plan: null, note: "" });
  }, [version, sha256, note]);
}
