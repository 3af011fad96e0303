import { isOpen, stoppedKeptMs } from "../model/living.ts";
import type { Item } from "../model/records.ts";
import type { Snapshot } from "./snapshot.ts";

/** Revisions kept to go back to. */
const historyLength = 10;

/** Records that nobody needs any more: tasks an hour after they stopped, revisions beyond the history that nothing stands on. */
export function forgettable({ tasks, revisions, calls, wanted, state, nowMs }: Snapshot): readonly Item[] {
  // What a rollout's breaker counts has to stay until the rollout is over.
  const counted = state?.stable === wanted?.revision ? undefined : wanted?.revision;
  const old = tasks.filter(
    ({ status, stoppedAtMs, createdAtMs, revision }) =>
      status === "STOPPED" &&
      nowMs - (stoppedAtMs ?? createdAtMs) > stoppedKeptMs &&
      (revision !== counted || state?.rollout?.failure !== undefined),
  );
  const used = new Set<string | undefined>([
    wanted?.revision,
    state?.stable,
    ...(state?.plan.sets.map(({ revision }) => revision) ?? []),
    ...tasks.map(({ revision }) => revision),
    ...calls.filter(isOpen).map(({ revision }) => revision),
  ]);
  const history = revisions
    .toSorted((a, b) => b.generation - a.generation || b.createdAtMs - a.createdAtMs)
    .slice(historyLength);
  return [...old, ...history.filter(({ revision }) => !used.has(revision))];
}
