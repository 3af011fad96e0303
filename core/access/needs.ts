import type { Command } from "../admission/index.ts";
import type { Verb } from "../model/grants.ts";
import { splitServiceKey } from "../model/ids.ts";
import type { Scope } from "../model/scope.ts";

/** What it takes to be allowed a command. */
export type Need =
  /** A grant of the verb in the namespace. */
  | { readonly kind: "grant"; readonly verb: Verb; readonly namespace: string }
  /** To be an administrator of the install: it is about who may do what, or about everything at once. */
  | { readonly kind: "administrator"; readonly verb: Verb; readonly scope: Scope };

/** What a command takes, by what it does and to what; nothing else in it counts. */
export function needOf(command: Command): Need {
  const verb = command.type;
  if (!("scope" in command)) return { kind: "grant", verb, namespace: splitServiceKey(command.key).namespace };
  const { scope } = command;
  const isHold = verb === "pause" || verb === "resume";
  if (scope.kind === "Namespace" && isHold) return { kind: "grant", verb, namespace: scope.name };
  return { kind: "administrator", verb, scope };
}
