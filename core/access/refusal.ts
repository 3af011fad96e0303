import type { Issue } from "../model/issue.ts";
import { nameOfScope } from "../model/scope.ts";
import { escaped } from "../words/escaped.ts";
import { orList } from "../words/or-list.ts";
import type { Need } from "./needs.ts";
import { describePrincipal } from "./principal.ts";
import { rolesWith } from "./roles.ts";

/** Why a sender is refused a command: who it is, what it may not do, and how it is granted. */
export function refusalOf(sender: string, need: Need): Issue {
  const { name, caution } = describePrincipal(escaped(sender));
  const warning = caution === undefined ? "" : `; but it ${caution}: better send as a role or a user`;
  const message = `${name} may not ${actOf(need)}: ${adviceFor(escaped(sender), need)}${warning}`;
  return { code: "forbidden", path: "", message };
}

function actOf(need: Need): string {
  return need.kind === "grant"
    ? `${need.verb} in namespace ${need.namespace}`
    : `${need.verb} ${nameOfScope(need.scope)}`;
}

function adviceFor(principal: string, need: Need): string {
  if (principal === "") return "nothing can be granted to nobody; send it with credentials of a role or a user";
  if (need.kind === "administrator")
    return `only an administrator may; one of them can add "${principal}" to spec.administrators of kind Install`;
  const { verb, namespace } = need;
  const roles = orList(rolesWith(verb));
  return `it has no grant; an administrator can add { principal: "${principal}", verbs: [${verb}] }, or a role (${roles}), to spec.grants of kind Namespace, name ${namespace}`;
}
