import { commandEvent, type Outgoing } from "../events.ts";
import type { ExitCode } from "../exit-codes.ts";
import { type Named, objectNamed } from "../object-names.ts";
import { extrasOf, sendAll } from "../send-all.ts";
import { namingOf } from "../service-names.ts";
import type { Session } from "../session.ts";
import { tellPaused, tellResumed } from "../tell.ts";
import { tellScope } from "../tell-scope.ts";
import type { RolloutOptions } from "./rollout.ts";

/** The kill switch: holds everything of a service, of a namespace or of the install, or lets it go on. */
export function pauseOrResume(
  type: "pause" | "resume",
  words: readonly string[],
  options: RolloutOptions,
  session: Session,
): Promise<ExitCode> {
  return sendAll([outgoingFor(type, objectNamed(words, options), { options, session })], options, session);
}

function outgoingFor(
  type: "pause" | "resume",
  named: Named,
  { options, session }: { readonly options: RolloutOptions; readonly session: Session },
): Outgoing {
  switch (named.kind) {
    case "Service": {
      const { key } = named;
      const tell = type === "pause" ? tellPaused(key, "service") : tellResumed(key, "service");
      return commandEvent(type, { key, tell }, { ...namingOf(key), ...extrasOf(options) });
    }
    case "Namespace": {
      const { kind, name } = named;
      const object = { scope: { kind, name }, tell: tellScope(type, name, session) };
      return commandEvent(type, object, { kind, metadata: { name } });
    }
    case "Install": {
      const { kind } = named;
      const object = { scope: { kind }, tell: tellScope(type, undefined, session) };
      return commandEvent(type, object, { kind });
    }
  }
}
