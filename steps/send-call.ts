import { fill } from "../core/dispatch/calls.ts";
import { type Order, runTaskInput } from "../core/dispatch/run-task.ts";
import type { ServiceView } from "../core/dispatch/service-view.ts";
import type { Start } from "../core/dispatch/starts.ts";
import { type Fault, isFault } from "../core/model/fault.ts";
import type { ServiceKey, TaskId, Token } from "../core/model/ids.ts";
import { callAfter } from "../core/model/lifecycle.ts";
import { highestCall } from "../core/model/living.ts";
import { groupOf, keys, startedByOf } from "../core/model/names.ts";
import { type CallRecord, type Member, schema } from "../core/model/records.ts";
import type { SeenTask } from "../core/model/sightings.ts";
import type { Ports } from "../core/ports/index.ts";
import { heedThrottle } from "./budget.ts";
import { mergeSighting } from "./merge-tasks.ts";
import type { Stopwatch } from "./stopwatch.ts";

/** Whose calls these are. */
export interface Caller {
  readonly view: ServiceView;
  readonly installId: string;
  readonly cluster: string;
  readonly stopwatch: Stopwatch;
}

/** Records a call, whole, with a token that was never used: it is sent only after that. Undefined: somebody else was first. */
export async function appendCall(
  ports: Ports,
  { view, installId, cluster }: Caller,
  calls: readonly CallRecord[],
  start: Start,
): Promise<CallRecord | undefined> {
  const { key, state } = view;
  const { set, revision, slots, spot } = start;
  const seq = (highestCall(calls)?.seq ?? 0) + 1;
  const token = ports.random.token() as Token;
  const { content, taskDefinition } = revision;
  const order: Order = {
    key,
    installId,
    settings: ports.settings,
    cluster,
    setId: set.id,
    content,
    taskDefinition,
    count: slots.length,
    spot,
  };
  return ports.store.create<CallRecord>({
    ...keys.call(key, seq),
    schema,
    uid: state.uid,
    seq,
    planVersion: state.planVersion,
    phase: "sent",
    token,
    setId: set.id,
    revision: set.revision,
    members: slots.map((slot) => ({ slot })),
    ...(spot.kind === "node" ? { nodeId: spot.nodeId } : { zone: spot.zone }),
    input: runTaskInput(order, token),
    firstSentAtMs: ports.clock.nowMs(),
    tries: 1,
  });
}

/**
 * Sends a recorded call and records what came of it. A refusal for good voids it; a lost answer, and a throttled one,
 * leave it as it is: it is sent again, or settled, later. One that is no longer fresh is not sent.
 */
export async function sendCall(ports: Ports, caller: Caller, call: CallRecord): Promise<CallRecord> {
  if (call.input === undefined) return call;
  if (!caller.stopwatch.isFresh())
    return call.tries === 1 ? voidCall(ports, call, { reason: "its deadline passed before it was sent" }) : call;
  try {
    const { tasks, failures } = await ports.tasks.run(call.input);
    const members = fill(
      call.members,
      tasks.map(({ taskId }) => taskId),
      failures,
    );
    return await answerCall(ports, caller.view.key, call, members, tasks);
  } catch (error) {
    await heedThrottle(ports, "ecs-modify", error);
    if (isFault(error, "conflict")) return adoptConflict(ports, caller, call, error);
    if (isFault(error, "terminal"))
      // A refused repetition says nothing of the first time, whose answer was lost: only looking tells what that started.
      return call.tries === 1
        ? voidCall(ports, call, { reason: "refused", refusal: error.message })
        : giveUpCall(ports, call);
    if (isFault(error)) return call;
    throw error;
  }
}

/** Closes a call with what its members became, and gives their tasks their place. */
export async function answerCall(
  ports: Ports,
  key: ServiceKey,
  call: CallRecord,
  members: readonly Member[],
  tasks: readonly SeenTask[],
): Promise<CallRecord> {
  const answered = await ports.store.swap(call, {
    phase: callAfter(call.phase, "answer"),
    members,
    input: undefined,
    firstListing: undefined,
    closedAtMs: ports.clock.nowMs(),
  });
  if (answered !== undefined) await recordMembers(ports, key, call, members, tasks);
  return answered ?? call;
}

/** Gives the tasks of an answered call their records, with their place. Those that are not written down now live all the same. */
export async function recordMembers(
  ports: Ports,
  key: ServiceKey,
  { seq, revision }: CallRecord,
  members: readonly Member[],
  tasks: readonly SeenTask[],
): Promise<void> {
  for (const { taskId, slot } of members) {
    const seen = tasks.find((task) => task.taskId === taskId);
    if (seen) await mergeSighting(ports, key, seen, { call: seq, slot, revision });
  }
}

/** From now on nobody sends it again: what it started is found by looking. */
export async function giveUpCall(ports: Ports, call: CallRecord): Promise<CallRecord> {
  const changes = { phase: callAfter(call.phase, "give up"), settlingSinceMs: ports.clock.nowMs() };
  return (await ports.store.swap(call, changes)) ?? call;
}

/** Closes a call that started nothing. */
export async function voidCall(
  ports: Ports,
  call: CallRecord,
  why: { readonly reason: string; readonly refusal?: string },
): Promise<CallRecord> {
  return (
    (await ports.store.swap(call, {
      phase: callAfter(call.phase, "refuse"),
      input: undefined,
      firstListing: undefined,
      closedAtMs: ports.clock.nowMs(),
      ...why,
    })) ?? call
  );
}

/** The token was used with other parameters: only tasks that carry our group and this call's mark are its answer. */
async function adoptConflict(
  ports: Ports,
  { view, installId, cluster }: Caller,
  call: CallRecord,
  { taskIds }: Fault,
): Promise<CallRecord> {
  const sightings = taskIds.length === 0 ? [] : await ports.tasks.describe(cluster, taskIds);
  const seen = sightings.filter((sighting): sighting is SeenTask => sighting.kind === "seen");
  const ours = seen.filter((task) => isOf(call, view.key, installId, task));
  // One that cannot be seen yet may be ours too: a later look tells.
  if (ours.length === 0 || seen.length < taskIds.length) return call;
  const ids: readonly TaskId[] = ours.map(({ taskId }) => taskId);
  return answerCall(ports, view.key, call, fill(call.members, ids, []), ours);
}

function isOf(call: CallRecord, key: ServiceKey, installId: string, task: SeenTask): boolean {
  return task.group === groupOf(installId, key) && task.startedBy === startedByOf(call.token, call.setId);
}
