import { type CallStep, fill } from "../core/dispatch/calls.ts";
import { startedByOf } from "../core/model/names.ts";
import type { CallRecord } from "../core/model/records.ts";
import type { SeenTask } from "../core/model/sightings.ts";
import type { Ports } from "../core/ports/index.ts";
import { takeBudget } from "./budget.ts";
import { answerCall, type Caller, giveUpCall, recordMembers, sendCall, voidCall } from "./send-call.ts";

/** Takes an open call one step on. */
export async function settleCall(ports: Ports, caller: Caller, call: CallRecord, step: CallStep): Promise<CallRecord> {
  const { key } = caller.view;
  switch (step.kind) {
    case "wait":
      return call;
    case "answer": {
      const tasks = await describe(
        ports,
        caller,
        step.members.flatMap(({ taskId }) => taskId ?? []),
      );
      return answerCall(ports, key, call, step.members, tasks);
    }
    case "replay": {
      if (!(await takeBudget(ports, "ecs-modify", "replace", 1))) return call;
      // Counted before it is sent: whoever loses this swap does not send.
      const counted = await ports.store.swap(call, { tries: call.tries + 1 });
      return counted ? sendCall(ports, caller, counted) : call;
    }
    case "settle":
      return giveUpCall(ports, call);
    case "list":
      return list(ports, caller, call, step.isSecond);
    case "record":
      return record(ports, caller, call, step.members);
  }
}

/** Writes down tasks of a call that was answered: whoever closed it did not come to it. */
async function record(
  ports: Ports,
  caller: Caller,
  call: CallRecord,
  members: Extract<CallStep, { kind: "record" }>["members"],
): Promise<CallRecord> {
  const seen = await describe(
    ports,
    caller,
    members.map(({ taskId }) => taskId),
  );
  await recordMembers(ports, caller.view.key, call, members, seen);
  return call;
}

/** Two listings, a minute apart: their union is the answer, and none means that nothing was started. */
async function list(ports: Ports, caller: Caller, call: CallRecord, isSecond: boolean): Promise<CallRecord> {
  const atMs = ports.clock.nowMs();
  const listed = await ports.tasks.list(caller.cluster, { startedBy: startedByOf(call.token, call.setId) });
  if (!isSecond) return (await ports.store.swap(call, { firstListing: { atMs, taskIds: listed } })) ?? call;
  const onRecord = caller.view.tasks.filter(({ token }) => token === call.token).map(({ taskId }) => taskId);
  const taskIds = [...new Set([...(call.firstListing?.taskIds ?? []), ...listed, ...onRecord])];
  if (taskIds.length === 0) return voidCall(ports, call, { reason: "two listings found nothing that it started" });
  return answerCall(
    ports,
    caller.view.key,
    call,
    fill(call.members, taskIds, []),
    await describe(ports, caller, taskIds),
  );
}

async function describe(
  ports: Ports,
  { cluster }: Caller,
  taskIds: readonly SeenTask["taskId"][],
): Promise<readonly SeenTask[]> {
  const sightings = await ports.tasks.describe(cluster, taskIds);
  return sightings.filter((sighting): sighting is SeenTask => sighting.kind === "seen");
}
