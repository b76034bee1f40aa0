import { useSession } from "@app/hub/useSession";
import type { CaseSummary } from "@teleneedle/protocol";
import { useEffect, useState } from "react";

export interface SiteName {
  id: string;
  name: string;
}

/** Hospitals to choose from: one's own and those of every case seen so far, kept while the list is filtered. */
export function useSeenSites(rows: CaseSummary[]): SiteName[] {
  const { memberships } = useSession();
  const [seen, setSeen] = useState<ReadonlyMap<string, string>>(
    () =>
      new Map(
        memberships
          .filter(({ site_kind }) => site_kind === "hospital")
          .map(({ site_id, site_name }) => [site_id, site_name]),
      ),
  );
  useEffect(() => {
    setSeen((before) => {
      const fresh = rows.filter((row) => !before.has(row.site.id));
      return fresh.length === 0
        ? before
        : new Map([...before, ...fresh.map((row) => [row.site.id, row.site.name] as const)]);
    });
  }, [rows]);
  return [...seen].map(([id, name]) => ({ id, name })).sort((a, b) => a.name.localeCompare(b.name));
}
