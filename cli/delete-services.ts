import type { ServiceKey } from "../core/model/ids.ts";
import { carryOut, type Following } from "./carry-out.ts";
import { commandEvent } from "./events.ts";
import { type Outcome, outcomeOf } from "./outcome.ts";
import { eachOf, readService, readTasks } from "./read-records.ts";
import { namingOf } from "./service-names.ts";
import { deleteVerdict } from "./verdict.ts";

/** A delete that was sent and has not ended yet. */
interface Pending {
  readonly key: ServiceKey;
  readonly generation: number;
}

const pollMs = 1_000;
const resultTimeoutMs = 10_000;

/**
 * Sends a delete for each service, and waits for all of them at once until nothing is left of any.
 *
 * @param timeoutMs What is not gone by then is told as timed out; its delete goes on.
 * @returns One outcome a service, in no order.
 */
export async function deleteServices(
  keys: readonly ServiceKey[],
  timeoutMs: number,
  following: Following,
): Promise<readonly Outcome[]> {
  const deadlineMs = following.session.nowMs() + timeoutMs;
  const sent = await eachOf(keys, async (key) => {
    const patience = { until: "result", timeoutMs: Math.min(timeoutMs, resultTimeoutMs) } as const;
    const outcome = await carryOut(commandEvent("delete", key, namingOf(key)), patience, following);
    return { key, outcome };
  });
  const refused = sent.filter(({ outcome }) => outcome.outcome === "refused" || outcome.outcome === "superseded");
  const pending = sent
    .filter((each) => !refused.includes(each))
    // Where the result did not come the delete was sent all the same: its generation alone is not known.
    .map(({ key, outcome }) => ({ key, generation: outcome.generation ?? Number.POSITIVE_INFINITY }));
  const ended = await untilGone(pending, { deadlineMs, timeoutMs }, following);
  return [...refused.map(({ outcome }) => outcome), ...ended];
}

async function untilGone(
  pending: readonly Pending[],
  { deadlineMs, timeoutMs }: { readonly deadlineMs: number; readonly timeoutMs: number },
  { session, connection: { store }, progress }: Following,
): Promise<readonly Outcome[]> {
  const ended: Outcome[] = [];
  let left = pending;
  for (;;) {
    const looked = await eachOf(left, async (each) => {
      const [records, tasks] = [await readService(store, each.key), await readTasks(store, each.key)];
      return { each, verdict: deleteVerdict(each.generation, records, tasks) };
    });
    for (const { each, verdict } of looked)
      if (verdict.kind !== "waiting") ended.push(outcomeOf(verdict.kind, told(each, verdict.message)));
    const waiting = looked.filter(({ verdict }) => verdict.kind === "waiting");
    const [first] = waiting;
    if (first === undefined) return ended;
    const gone = `${pending.length - waiting.length} of ${pending.length} services are gone`;
    progress.show("uninstall", null, `${gone}; ${first.each.key}: ${first.verdict.message}`);
    if (session.nowMs() >= deadlineMs) {
      const late = `not gone within ${timeoutMs / 1000} s`;
      return [
        ...ended,
        ...waiting.map(({ each, verdict }) => outcomeOf("timed out", told(each, `${late}: ${verdict.message}`))),
      ];
    }
    left = waiting.map(({ each }) => each);
    await session.pause(Math.max(1, Math.min(pollMs, deadlineMs - session.nowMs())));
  }
}

function told({ key, generation }: Pending, message: string) {
  return { service: key, generation: Number.isFinite(generation) ? generation : null, message };
}
