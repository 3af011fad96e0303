import { keys } from "../core/model/names.ts";
import type { InstallRecord, NamespaceRecord } from "../core/model/records.ts";
import { nameOfScope, type Scope } from "../core/model/scope.ts";
import { nounFor, plural } from "../core/words/plural.ts";
import type { Tell } from "./events.ts";

/** Says what is granted now, and that it counts for nothing as long as there is no administrator. */
export function tellGrants(scope: Scope): Tell {
  return async ({ isUnchanged }, store) => {
    const install = await store.get<InstallRecord>(keys.install());
    const record = scope.kind === "Install" ? install : await store.get<NamespaceRecord>(keys.namespace(scope.name));
    const { length: grants } = record?.grants ?? [];
    const { length: administrators } = install?.administrators ?? [];
    const parts = [
      ...(scope.kind === "Install" ? [counted(administrators, "administrator")] : []),
      counted(grants, "grant"),
    ];
    const idle =
      "; without an administrator, here or of the stack, whoever may send to the commands queue may do everything";
    const told = `${nameOfScope(scope)} has ${parts.join(" and ")}${administrators === 0 ? idle : ""}`;
    return isUnchanged ? `unchanged: ${told}` : told;
  };
}

function counted(count: number, noun: string): string {
  return count === 0 ? `no ${nounFor(count, noun)}` : plural(count, noun);
}
