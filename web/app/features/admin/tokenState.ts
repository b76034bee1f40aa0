import type { ApiToken } from "./adminQueries";

/** Whether a token opens anything at `now`. */
export function tokenState(
  { revoked_at, expires_at }: Pick<ApiToken, "revoked_at" | "expires_at">,
  now: Date,
): "live" | "expired" | "revoked" {
  if (revoked_at) return "revoked";
  return new Date(expires_at) <= now ? "expired" : "live";
}
