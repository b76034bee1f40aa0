import { createSessionFetch, HubClient, HubError, type Session, SessionStore } from "@teleneedle/protocol";
import { forgetBegun, takeBegun } from "./begun";

async function readSession(): Promise<Session | null> {
  try {
    return await hub.get<Session>("/api/session");
  } catch (error) {
    if (error instanceof HubError && error.status === 401) return null;
    throw error;
  }
}

/** Who is signed in, for the whole page. */
export const sessions = new SessionStore(readSession);
sessions.subscribe(() => {
  if (sessions.getState().kind === "out") forgetBegun();
});

/** Every call to the hub goes through here: CSRF token, sign-in over the page, problems as `HubError`. */
export const hub = new HubClient(
  createSessionFetch(sessions, async (request) => (await takeBegun(request)) ?? fetch(request)),
  window.location.origin,
);
