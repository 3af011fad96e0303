import { keys } from "../../core/model/names.ts";
import { commandEvent, type Outgoing } from "../events.ts";
import type { ExitCode } from "../exit-codes.ts";
import { type Named, objectNamed } from "../object-names.ts";
import { extrasOf, sendAll } from "../send-all.ts";
import { namingOf } from "../service-names.ts";
import type { Session } from "../session.ts";
import type { RolloutOptions } from "./rollout.ts";

/** The kill switch: holds everything of a service, of a namespace or of the install, or lets it go on. */
export function pauseOrResume(
  type: "pause" | "resume",
  words: readonly string[],
  options: RolloutOptions,
  session: Session,
): Promise<ExitCode> {
  return sendAll([outgoingFor(type, objectNamed(words, options), options)], options, session);
}

function outgoingFor(type: "pause" | "resume", named: Named, options: RolloutOptions): Outgoing {
  const told = (what: string) =>
    type === "pause" ? `${what}paused: nothing starts or stops until it is resumed` : `${what}resumed`;
  switch (named.kind) {
    case "Service": {
      const { key } = named;
      return commandEvent(type, { key, done: told("") }, { ...namingOf(key), ...extrasOf(options) });
    }
    case "Namespace": {
      const { kind, name } = named;
      const object = { written: keys.namespace(name), done: told(`namespace ${name} `) };
      return commandEvent(type, object, { kind, metadata: { name } });
    }
    case "Install":
      return commandEvent(type, { written: keys.install(), done: told("the install ") }, { kind: named.kind });
  }
}
