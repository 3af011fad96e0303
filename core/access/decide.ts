import type { Grant } from "../model/grants.ts";
import type { Need } from "./needs.ts";
import { verbsOf } from "./roles.ts";

/** Who may do what, as far as one command asks. */
export interface Policy {
  /** Of the stack, and those that are stored. None: access control is off. */
  readonly administrators: readonly string[];
  /** Grants in every namespace. */
  readonly everywhere: readonly Grant[];
  /** Grants in the namespace that the command is about; of a command about the install none. */
  readonly here: readonly Grant[];
}

interface Rule {
  readonly name: string;
  readonly allows: (sender: string, need: Need, policy: Policy) => boolean;
}

/** Any of them allows a command; there is none that forbids, so another grant takes nothing away from anybody. */
const rules: readonly Rule[] = [
  { name: "access control is off", allows: (_sender, _need, { administrators }) => administrators.length === 0 },
  { name: "administrator", allows: (sender, _need, { administrators }) => administrators.includes(sender) },
  { name: "granted everywhere", allows: (sender, need, { everywhere }) => isGranted(everywhere, sender, need) },
  { name: "granted in the namespace", allows: (sender, need, { here }) => isGranted(here, sender, need) },
];

/**
 * Decides whether a sender is allowed a command: the name of the first rule that allows it; undefined: none does, so it is
 * refused. Ids are compared as they are, whatever they look like.
 */
export function ruleThatAllows(sender: string, need: Need, policy: Policy): string | undefined {
  return rules.find(({ allows }) => allows(sender, need, policy))?.name;
}

function isGranted(grants: readonly Grant[], sender: string, need: Need): boolean {
  if (need.kind === "administrator") return false;
  return grants.some((grant) => grant.principal === sender && verbsOf(grant).includes(need.verb));
}
