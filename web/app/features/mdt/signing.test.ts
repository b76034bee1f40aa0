import type { Case, PlanState, Role, Session, Signature } from "@teleneedle/protocol";
import { describe, expect, it } from "vitest";
import { isRetyped, maySign, nextSignature } from "./signing";

const HASH = "9f2c71ab".padEnd(64, "0");
const plan = { plan_sha256: HASH, state: "submitted" } as PlanState;
const signed = (role: Role, id: string, plan_sha256 = HASH) =>
  ({ plan_sha256, role, person: { id, name: id }, at: "" }) as Signature;
const shown = (...signatures: Signature[]) =>
  ({ signatures, state: "mdt", site: { id: "h1", name: "" } }) as unknown as Case;
const person = (id: string, role: Role, site_id: string) =>
  ({
    person: { id },
    memberships: [{ role, site_id, site_name: "", site_kind: "hospital" }],
  }) as unknown as Session;

describe("signing", () => {
  it("is the expert's first, then the operator's, per version", () => {
    expect(nextSignature(shown(), plan)).toBe("expert");
    expect(nextSignature(shown(signed("expert", "e", "other")), plan)).toBe("expert");
    expect(nextSignature(shown(signed("expert", "e")), plan)).toBe("operator");
    expect(nextSignature(shown(signed("expert", "e"), signed("operator", "o")), plan)).toBeNull();
  });

  it("is open to the right role at the right hospital only", () => {
    const afterExpert = shown(signed("expert", "e"));
    expect(maySign(person("e", "expert", "c"), shown(), plan)).toBe(true);
    expect(maySign(person("o", "operator", "h1"), shown(), plan)).toBe(false);
    expect(maySign(person("o", "operator", "h1"), afterExpert, plan)).toBe(true);
    expect(maySign(person("x", "operator", "h2"), afterExpert, plan)).toBe(false);
    expect(maySign(person("e", "operator", "h1"), afterExpert, plan)).toBe(false);
    expect(maySign(person("e", "expert", "c"), shown(), { ...plan, state: "approved" })).toBe(false);
  });

  it("asks for the first eight characters, in either case", () => {
    expect(isRetyped(" 9F2C71AB ", plan)).toBe(true);
    expect(isRetyped("9f2c71a", plan)).toBe(false);
    expect(isRetyped("", plan)).toBe(false);
  });
});
