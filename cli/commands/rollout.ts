import type { ServiceKey } from "../../core/model/ids.ts";
import { commandEvent } from "../events.ts";
import type { ExitCode } from "../exit-codes.ts";
import type { SendOptions } from "../options.ts";
import { readRevisions } from "../read-records.ts";
import { revisionMeant } from "../revision-meant.ts";
import { extrasOf, sendAll } from "../send-all.ts";
import { namingOf, serviceNamed } from "../service-names.ts";
import type { Session } from "../session.ts";
import { tellAccepted, tellPaused, tellResumed } from "../tell.ts";

/** Options of the commands that change the rollout of one service. */
export interface RolloutOptions extends SendOptions {
  readonly namespace?: string;
}

/** Options of `rollout rollback`. */
export interface RollbackOptions extends RolloutOptions {
  /** A generation as a number, or the start of a revision. */
  readonly to?: number | string;
}

/** Replaces every task by one of the same content. */
export function restart(words: readonly string[], options: RolloutOptions, session: Session): Promise<ExitCode> {
  const key = serviceNamed(words, options.namespace);
  return sendAll([commandEvent("restart", key, { ...namingOf(key), ...extrasOf(options) })], options, session);
}

/** Goes back to what an earlier revision runs, as a new generation. */
export async function rollback(
  words: readonly string[],
  options: RollbackOptions,
  session: Session,
): Promise<ExitCode> {
  const key = serviceNamed(words, options.namespace);
  const to = typeof options.to === "number" ? await meantBy(options.to, key, { options, session }) : options.to;
  const content = { ...namingOf(key), ...(to !== undefined && { to }), ...extrasOf(options) };
  return sendAll([commandEvent("rollback", key, content)], options, session);
}

/** From here on a number may be meant as the start of a revision that happens to begin with digits alone. */
const leastName = 1_000;

async function meantBy(
  to: number,
  key: ServiceKey,
  { options, session }: { readonly options: RollbackOptions; readonly session: Session },
): Promise<number | string> {
  if (to < leastName) return to;
  const connection = await session.connect(options);
  try {
    return revisionMeant(to, await readRevisions(connection.store, key));
  } finally {
    connection.close();
  }
}

/** Gives up the rollout that is under way: what ran before comes back. */
export function cancel(words: readonly string[], options: RolloutOptions, session: Session): Promise<ExitCode> {
  const key = serviceNamed(words, options.namespace);
  const done = "cancelled: what ran before comes back; longshore rollout status shows how far it is";
  const object = { key, tell: tellAccepted(key, done) };
  const outgoing = commandEvent("cancel", object, { ...namingOf(key), ...extrasOf(options) });
  return sendAll([outgoing], { ...options, until: "cancelled" }, session);
}

/** Holds a rollout, or lets it go on; healing and scaling never stop. */
export function holdRollout(
  type: "pause" | "resume",
  words: readonly string[],
  options: RolloutOptions,
  session: Session,
): Promise<ExitCode> {
  const key = serviceNamed(words, options.namespace);
  const content = { ...namingOf(key), only: "rollout", ...extrasOf(options) };
  const tell = type === "pause" ? tellPaused(key, "rollout") : tellResumed(key, "rollout");
  return sendAll([commandEvent(type, { key, tell }, content)], options, session);
}
