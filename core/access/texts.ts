import type { Grant } from "../model/grants.ts";

/** Who may do what, in a line for people: `administrators AROA…; AIDA… deployer; AROA… scale, restart`. */
export function grantsText({
  administrators = [],
  grants,
}: {
  readonly administrators?: readonly string[];
  readonly grants: readonly Grant[];
}): string {
  const parts = [
    ...(administrators.length > 0 ? [`administrators ${administrators.join(", ")}`] : []),
    ...grants.map((grant) => `${grant.principal} ${rightsText(grant)}`),
  ];
  return parts.length === 0 ? "nothing is granted" : parts.join("; ");
}

/** What a grant gives: its role, or its verbs. */
export function rightsText({ role, verbs = [] }: Grant): string {
  return role ?? verbs.join(", ");
}
