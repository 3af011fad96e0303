import type { ServiceKey, TaskId } from "../core/model/ids.ts";
import { mergeTask, recordTask } from "../core/model/merge.ts";
import { keys } from "../core/model/names.ts";
import { schema, type TaskRecord } from "../core/model/records.ts";
import type { TaskSighting } from "../core/model/sightings.ts";
import type { Ports } from "../core/ports/index.ts";
import type { Changes } from "../core/ports/store.ts";

const mostTries = 5;
/** A record that nobody removed goes by itself. */
export const stoppedKeptSeconds = 48 * 3600;

/** Where a task belongs: set once, by the call that started it or by adoption. */
export type Identity = Required<Pick<TaskRecord, "call" | "slot" | "revision">>;

/** What a merge left: the record as it is now, and whether that is news. Undefined: there is no record, and none was made. */
export interface Merged {
  readonly record: TaskRecord;
  readonly changed: boolean;
}

/**
 * Merges a sighting, and where it belongs if that is known, into the record of a task: the only way in which what ECS
 * shows is written. Any two of these at once end in the same record.
 */
export async function mergeSighting(
  ports: Ports,
  key: ServiceKey,
  sighting: TaskSighting,
  identity?: Identity,
): Promise<Merged | undefined> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const record = await ports.store.get<TaskRecord>(keys.task(key, sighting.taskId));
    if (record === undefined) {
      if (sighting.kind === "missing") return undefined;
      const created = await ports.store.create<TaskRecord>({
        ...keys.task(key, sighting.taskId),
        schema,
        uid: sighting.taskId,
        ...recordTask(sighting),
        ...identity,
        ...(sighting.status === "STOPPED" ? expiry(ports) : {}),
      });
      if (created) return { record: created, changed: true };
      continue;
    }
    const changes = { ...mergeTask(record, sighting), ...(record.slot === undefined ? identity : {}) };
    const swapped = await change(ports, record, changes);
    if (swapped) return swapped;
  }
  return undefined;
}

/** Changes what is ours of a task's record (identity, readiness, given up); false when it moved on meanwhile. */
export async function changeTask(ports: Ports, record: TaskRecord, changes: Changes<TaskRecord>): Promise<boolean> {
  return (await change(ports, record, changes)) !== undefined;
}

/** What describing tasks gave: their records, and which of them ran within reach when the read began. */
export interface Described {
  readonly merged: ReadonlyMap<TaskId, TaskRecord>;
  readonly seen: ReadonlySet<TaskId>;
}

/** Describes tasks and merges what is seen. */
export async function describeAndMerge(
  ports: Ports,
  key: ServiceKey,
  cluster: string,
  taskIds: readonly TaskId[],
): Promise<Described> {
  const merged = new Map<TaskId, TaskRecord>();
  const seen = new Set<TaskId>();
  if (taskIds.length === 0) return { merged, seen };
  for (const sighting of await ports.tasks.describe(cluster, taskIds)) {
    const result = await mergeSighting(ports, key, sighting);
    if (result) merged.set(sighting.taskId, result.record);
    if (
      sighting.kind === "seen" &&
      sighting.status === "RUNNING" &&
      sighting.desiredStatus === "RUNNING" &&
      sighting.connected !== false
    )
      seen.add(sighting.taskId);
  }
  return { merged, seen };
}

async function change(ports: Ports, record: TaskRecord, changes: Changes<TaskRecord>): Promise<Merged | undefined> {
  // What a newer Longshore wrote is not rewritten.
  if (Object.keys(changes).length === 0 || record.schema > schema) return { record, changed: false };
  const swapped = await ports.store.swap(record, {
    ...changes,
    ...(changes.status === "STOPPED" ? expiry(ports) : {}),
  });
  return swapped && { record: swapped, changed: true };
}

function expiry({ clock }: Ports): Pick<TaskRecord, "expiresAt"> {
  return { expiresAt: Math.floor(clock.nowMs() / 1000) + stoppedKeptSeconds };
}
