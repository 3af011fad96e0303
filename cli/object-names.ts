import type { ServiceKey } from "../core/model/ids.ts";
import { nearestWord } from "../core/words/nearest-word.ts";
import { orList } from "../core/words/or-list.ts";
import { CommandError } from "./command-error.ts";
import { exit } from "./exit-codes.ts";
import { isName, serviceNamed } from "./service-names.ts";

const kinds = ["service", "namespace", "install"];

/** What can be paused, or described. */
export type Named =
  | { readonly kind: "Service"; readonly key: ServiceKey }
  | { readonly kind: "Namespace"; readonly name: string }
  | { readonly kind: "Install" };

/**
 * What the words of a command line name: `service shop/web`, `namespace shop` or `install`; the word `service` may be left out.
 * @throws CommandError when they name none of these.
 */
export function objectNamed(
  words: readonly string[],
  { namespace, ifGeneration }: { readonly namespace?: string; readonly ifGeneration?: number },
): Named {
  const [kind = "", name, ...others] = words;
  if (kind !== "install" && !/^namespaces?$/.test(kind)) {
    if (name !== undefined && !/^services?$/.test(kind)) throw unknownKind(kind);
    return { kind: "Service", key: serviceNamed(words, namespace) };
  }
  if (namespace !== undefined || ifGeneration !== undefined)
    throw new CommandError(exit.invalid, `--namespace and --if-generation go with a service, not with ${kind}`);
  if (kind === "install") {
    if (name === undefined) return { kind: "Install" };
    throw new CommandError(
      exit.invalid,
      `install takes no name, got ${JSON.stringify(name)}; --install says which one`,
    );
  }
  if (name !== undefined && isName(name) && others.length === 0) return { kind: "Namespace", name };
  const given = JSON.stringify(words.slice(1).join(" "));
  throw new CommandError(exit.invalid, `a namespace must be named, such as namespace shop, got ${given}`);
}

function unknownKind(word: string): CommandError {
  const nearest = nearestWord(word, kinds);
  const advice = nearest === undefined ? "" : `; did you mean ${nearest}?`;
  return new CommandError(exit.invalid, `the kind must be ${orList(kinds)}, got ${JSON.stringify(word)}${advice}`);
}
