import { type ServiceKey, splitServiceKey } from "../core/model/ids.ts";
import { plural } from "../core/words/plural.ts";
import type { Tell } from "./events.ts";
import { readServices } from "./read-records.ts";
import type { Session } from "./session.ts";

/**
 * Says how many services a pause holds, or lets go on; warns where there is none, since a name is easily mistyped.
 *
 * @param namespace Absent: it is of the whole install.
 */
export function tellScope(
  type: "pause" | "resume",
  namespace: string | undefined,
  { progress }: Pick<Session, "progress">,
): Tell {
  const what = namespace === undefined ? "the install" : `namespace ${namespace}`;
  const isMeant = (key: ServiceKey) => namespace === undefined || splitServiceKey(key).namespace === namespace;
  return async ({ isUnchanged }, store) => {
    if (type === "resume") return isUnchanged ? `${what} was not paused` : `${what} resumed`;
    const { length } = await readServices(store, isMeant);
    if (length === 0)
      progress.write(`warning: there is no service in ${what}; longshore get services shows those that are\n`);
    const count = plural(length, "service");
    return isUnchanged
      ? `${what} is paused already: ${count}`
      : `${what} paused: ${count}; nothing of it starts or stops until it is resumed`;
  };
}
