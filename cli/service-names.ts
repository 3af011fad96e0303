import { type ServiceKey, splitServiceKey } from "../core/model/ids.ts";
import { nearestWord } from "../core/words/nearest-word.ts";
import { CommandError } from "./command-error.ts";
import { exit } from "./exit-codes.ts";
import { keyFrom } from "./read-records.ts";

const name = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const kinds = ["service", "services"];

/**
 * The service that the words of a command line name: `shop/web`, `service shop/web`, or `web` beside a namespace.
 * @throws CommandError when they name none.
 */
export function serviceNamed(words: readonly string[], namespace: string | undefined): ServiceKey {
  const [first = "", second, ...others] = words;
  if (second !== undefined && !kinds.includes(first)) throw unknownKind(first);
  const key = others.length === 0 ? keyFrom(second ?? first, namespace) : undefined;
  if (key?.split("/").every((part) => name.test(part))) return key;
  const given = [...words.slice(second === undefined ? 0 : 1), ...(namespace ? [`--namespace ${namespace}`] : [])].join(
    " ",
  );
  const allowed = "<namespace>/<name> such as shop/web, or a name beside --namespace";
  throw new CommandError(exit.invalid, `a service must be ${allowed}, got ${JSON.stringify(given)}`);
}

/** Whether a namespace or a service may be called so. */
export function isName(text: string): boolean {
  return name.test(text);
}

/** That nobody described a service. */
export function noSuchService(key: ServiceKey): CommandError {
  return new CommandError(exit.refused, `there is no service ${key}; longshore get services shows those that are`);
}

/** How a command names its service. */
export function namingOf(key: ServiceKey): object {
  return { kind: "Service", metadata: splitServiceKey(key) };
}

function unknownKind(word: string): CommandError {
  const advice = nearestWord(word, kinds) ? "did you mean service?" : "one service at a time, such as service shop/web";
  return new CommandError(exit.invalid, `the kind must be service, got ${JSON.stringify(word)}; ${advice}`);
}
