import { commandEvent } from "../events.ts";
import type { ExitCode } from "../exit-codes.ts";
import type { SendOptions } from "../options.ts";
import { extrasOf, sendAll } from "../send-all.ts";
import { namingOf, serviceNamed } from "../service-names.ts";
import type { Session } from "../session.ts";
import { tellScaled } from "../tell.ts";

/** Options of `scale`. */
export interface ScaleOptions extends SendOptions {
  readonly namespace?: string;
  readonly replicas: number;
}

/** Asks for another number of tasks. */
export async function scale(words: readonly string[], options: ScaleOptions, session: Session): Promise<ExitCode> {
  const key = serviceNamed(words, options.namespace);
  const content = { ...namingOf(key), replicas: options.replicas, ...extrasOf(options) };
  return sendAll(
    [commandEvent("scale", { key, tell: tellScaled(key, options.replicas) }, content)],
    { ...options, until: "scaled" },
    session,
  );
}
