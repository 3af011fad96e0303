import type { Verb } from "../model/grants.ts";
import { type ServiceKey, splitServiceKey } from "../model/ids.ts";
import type { Scope } from "../model/scope.ts";

/** What it takes to be allowed a command. */
export type Need =
  /** A grant of the verb in the namespace. */
  | { readonly kind: "grant"; readonly verb: Verb; readonly namespace: string }
  /** To be an administrator of the install: it is about who may do what, or about everything at once. */
  | { readonly kind: "administrator"; readonly verb: Verb; readonly scope: Scope };

/** What of a command counts here: what it does, and to what. */
type Asked = { readonly type: Verb } & ({ readonly key: ServiceKey } | { readonly scope: Scope });

/** What a command takes, by what it does and to what; nothing else in it counts. */
export function needOf(asked: Asked): Need {
  const verb = asked.type;
  if (!("scope" in asked)) return { kind: "grant", verb, namespace: splitServiceKey(asked.key).namespace };
  const { scope } = asked;
  const isHold = verb === "pause" || verb === "resume";
  if (scope.kind === "Namespace" && isHold) return { kind: "grant", verb, namespace: scope.name };
  return { kind: "administrator", verb, scope };
}
