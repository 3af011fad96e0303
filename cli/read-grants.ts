import { verbs, verbsOf } from "../core/access/roles.ts";
import { rightsText } from "../core/access/texts.ts";
import type { Grant, Role, Verb } from "../core/model/grants.ts";
import { keys, namespaceShard } from "../core/model/names.ts";
import type { InstallRecord, NamespaceRecord } from "../core/model/records.ts";
import type { Connection } from "./connection.ts";
import { eachOf } from "./read-records.ts";

/** That somebody may do something; with `--json` these are the names. */
export interface GrantView {
  /** Unique id. */
  readonly principal: string;
  /** null: in every namespace. */
  readonly namespace: string | null;
  /** null: verbs were granted one by one. */
  readonly role: Role | "administrator" | null;
  readonly verbs: readonly Verb[];
}

/**
 * Reads what is granted: to administrators, everywhere, and in each namespace, or in one. Administrators of the stack are
 * in its functions' environment, and not among these.
 */
export async function readGrants(store: Connection["store"], namespace?: string): Promise<readonly GrantView[]> {
  const [install, names] = await Promise.all([
    store.get<InstallRecord>(keys.install()),
    namespace === undefined ? namesOf(store) : [namespace],
  ]);
  const within = await eachOf(names, async (name) => {
    const record = await store.get<NamespaceRecord>(keys.namespace(name));
    return (record?.grants ?? []).map((grant) => viewGrant(grant, name));
  });
  const administrators = (install?.administrators ?? []).map(
    (principal): GrantView => ({ principal, namespace: null, role: "administrator", verbs }),
  );
  return [...administrators, ...(install?.grants ?? []).map((grant) => viewGrant(grant, null)), ...within.flat()];
}

async function namesOf(store: Connection["store"]): Promise<readonly string[]> {
  return (await store.list("byKind", namespaceShard)).map(({ row }) => row);
}

function viewGrant(grant: Grant, namespace: string | null): GrantView {
  return { principal: grant.principal, namespace, role: grant.role ?? null, verbs: verbsOf(grant) };
}

/** What a grant gives, for people. */
export function rightsOf({ principal, role, verbs: its }: GrantView): string {
  return role === null ? rightsText({ principal, verbs: its }) : role;
}
