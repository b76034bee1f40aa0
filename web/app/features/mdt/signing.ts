import type { Case, PlanState, Session } from "@teleneedle/protocol";

export type SigningRole = "expert" | "operator";

/** What the person has to type to show that they read this very plan. */
export const hashToRetype = (plan: Pick<PlanState, "plan_sha256">): string => plan.plan_sha256.slice(0, 8);

export const isRetyped = (typed: string, plan: Pick<PlanState, "plan_sha256">): boolean =>
  typed.trim().toLowerCase() === hashToRetype(plan);

/** The signature that comes next: the expert's, then that of an operator of the hospital; null when both are there. */
export function nextSignature(shown: Pick<Case, "signatures">, plan: PlanState): SigningRole | null {
  const roles = shown.signatures
    .filter((one) => one.plan_sha256 === plan.plan_sha256)
    .map(({ role }) => role);
  if (!roles.includes("expert")) return "expert";
  return roles.includes("operator") ? null : "operator";
}

/** Whether this person may put the next signature; nobody signs twice. */
export function maySign(session: Session, shown: Case, plan: PlanState): boolean {
  const next = nextSignature(shown, plan);
  if (!next || shown.state === "closed" || plan.state === "approved" || plan.state === "superseded")
    return false;
  const hasSigned = shown.signatures.some(
    (one) => one.plan_sha256 === plan.plan_sha256 && one.person.id === session.person.id,
  );
  if (hasSigned) return false;
  return session.memberships.some((membership) =>
    next === "expert"
      ? membership.role === "expert"
      : membership.role === "operator" && membership.site_id === shown.site.id,
  );
}
