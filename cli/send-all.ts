import { carryOut, type Watch } from "./carry-out.ts";
import type { Outgoing } from "./events.ts";
import type { ExitCode } from "./exit-codes.ts";
import type { SendOptions } from "./options.ts";
import { startProgress } from "./progress.ts";
import { reportOutcomes } from "./report-outcomes.ts";
import type { Session } from "./session.ts";

/** What goes with a command beside its content. */
export function extrasOf({ yes, ifGeneration }: SendOptions): object {
  return { ...(yes && { confirm: true }), ...(ifGeneration !== undefined && { ifGeneration }) };
}

/** Sends commands, waits for all of them at once, and tells how they ended. */
export async function sendAll(
  outgoing: readonly Outgoing[],
  options: SendOptions & { readonly until?: Watch["until"] },
  session: Session,
): Promise<ExitCode> {
  const connection = await session.connect(options);
  const progress = startProgress(session);
  try {
    const patience = {
      until: options.wait ? (options.until ?? "live") : "result",
      timeoutMs: options.timeout ?? (options.wait ? 300_000 : 10_000),
    } as const;
    const following = { session, connection, progress };
    const outcomes = await Promise.all(outgoing.map((each) => carryOut(each, patience, following)));
    progress.end();
    return reportOutcomes(outcomes, session, options.json ?? false);
  } finally {
    connection.close();
  }
}
