import { commandEvent } from "../events.ts";
import type { ExitCode } from "../exit-codes.ts";
import type { SendOptions } from "../options.ts";
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
export function rollback(words: readonly string[], options: RollbackOptions, session: Session): Promise<ExitCode> {
  const key = serviceNamed(words, options.namespace);
  const { to } = options;
  const content = { ...namingOf(key), ...(to !== undefined && { to }), ...extrasOf(options) };
  return sendAll([commandEvent("rollback", key, content)], options, session);
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
