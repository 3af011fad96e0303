import type { Grant, Role, Verb } from "../model/grants.ts";

/** Every verb, in the order in which people read them. */
export const verbs = [
  "apply",
  "scale",
  "delete",
  "restart",
  "rollback",
  "cancel",
  "pause",
  "resume",
] as const satisfies readonly Verb[];

/**
 * What each role may do in a namespace. There is none for looking, which is no command: whoever may read the table by IAM
 * sees everything. There is none for granting either: that is for administrators of the install alone.
 */
export const roles: Readonly<Record<Role, readonly Verb[]>> = {
  // A pipeline: brings in what should run, and takes it back.
  deployer: ["apply", "scale", "restart", "rollback", "cancel"],
  // Whoever is on call: keeps what is there alive, and brings nothing new in.
  operator: ["scale", "restart", "rollback", "cancel", "pause", "resume"],
  // The team whose namespace it is.
  owner: verbs,
};

/** What a grant allows. A role that only a newer Longshore knows allows nothing. */
export function verbsOf({ role, verbs: given = [] }: Grant): readonly Verb[] {
  return role !== undefined && Object.hasOwn(roles, role) ? [...roles[role], ...given] : given;
}

/** Roles with a verb among theirs. */
export function rolesWith(verb: Verb): readonly string[] {
  return Object.entries(roles)
    .filter(([, its]) => its.includes(verb))
    .map(([role]) => role);
}
