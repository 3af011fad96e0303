import { isOpen, stoppedKeptMs } from "../model/living.ts";
import type { Item, TaskRecord } from "../model/records.ts";
import { verdictOf } from "./restart.ts";
import type { Snapshot } from "./snapshot.ts";

/** Revisions kept to go back to. */
const historyLength = 10;

/** Records that nobody needs any more: tasks an hour after they stopped, revisions beyond the history that nothing stands on. */
export function forgettable(snapshot: Snapshot): readonly Item[] {
  const { tasks, revisions, calls, wanted, state, nowMs } = snapshot;
  const old = tasks.filter(
    (task) =>
      task.status === "STOPPED" &&
      nowMs - (task.stoppedAtMs ?? task.createdAtMs) > stoppedKeptMs &&
      !isCounted(task, snapshot),
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

/** What the breaker of a rollout counts has to stay until that is over. */
function isCounted(task: TaskRecord, { wanted, state }: Pick<Snapshot, "wanted" | "state">): boolean {
  const isOver = state?.stable === wanted?.revision || state?.rollout?.failure !== undefined;
  return !isOver && task.revision === wanted?.revision && verdictOf(task, state) === "counts";
}
