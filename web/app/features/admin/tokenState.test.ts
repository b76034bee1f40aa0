import { expect, test } from "vitest";
import { tokenState } from "./tokenState";

const now = new Date("2026-03-01T12:00:00Z");

test.each([
  [null, "2026-03-01T12:00:01Z", "live"],
  [null, "2026-03-01T12:00:00Z", "expired"],
  ["2026-02-01T00:00:00Z", "2027-01-01T00:00:00Z", "revoked"],
  ["2026-02-01T00:00:00Z", "2026-01-01T00:00:00Z", "revoked"],
] as const)("revoked %s, until %s: %s", (revoked_at, expires_at, state) => {
  expect(tokenState({ revoked_at, expires_at }, now)).toBe(state);
});
