import type { Role, Session } from "@teleneedle/protocol";
import { useSyncExternalStore } from "react";
import { sessions } from "./hub";

export function useSessionState() {
  return useSyncExternalStore(sessions.subscribe, sessions.getState);
}

/** The session of the person who works on this page; also while it waits to be renewed. */
export function useSession(): Session {
  const state = useSessionState();
  if (!("session" in state)) throw new Error("nobody is signed in");
  return state.session;
}

/** Whether the person holds one of the roles, at the site if one is given. */
export function hasRole(session: Session, roles: readonly Role[], siteId?: string): boolean {
  return session.memberships.some(
    (membership) => roles.includes(membership.role) && (!siteId || membership.site_id === siteId),
  );
}

export function useHasRole(...roles: Role[]): boolean {
  return hasRole(useSession(), roles);
}
