import { hub } from "@app/hub/hub";
import { keys } from "@app/hub/queries";
import { hasRole, useSession } from "@app/hub/useSession";
import { useQuery } from "@tanstack/react-query";

export interface SiteName {
  id: string;
  name: string;
}

/** Hospitals whose cases a person sees and may open: every one for the centre, one's own for the others. */
export function useHospitals(): SiteName[] {
  const session = useSession();
  const isOfCentre = hasRole(session, ["expert", "mdt"]);
  const all = useQuery({
    queryKey: keys.sites,
    queryFn: () => hub.get<SiteName[]>("/api/sites"),
    enabled: isOfCentre,
    staleTime: 300_000,
  });
  if (isOfCentre) return all.data ?? [];
  const own = session.memberships.filter(({ site_kind }) => site_kind === "hospital");
  return [...new Map(own.map(({ site_id, site_name }) => [site_id, site_name]))].map(([id, name]) => ({
    id,
    name,
  }));
}
