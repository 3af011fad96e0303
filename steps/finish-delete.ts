import { firstSpec } from "../core/admission/first-spec.ts";
import { generationOf } from "../core/admission/outcomes.ts";
import { keys } from "../core/model/names.ts";
import { type Item, type SpecRecord, type StateRecord, schema } from "../core/model/records.ts";
import type { Ports } from "../core/ports/index.ts";
import type { Changes } from "../core/ports/store.ts";
import type { Planned } from "../core/reconcile/snapshot.ts";
import { settleLast } from "./command-results.ts";
import { tell } from "./history.ts";
import { wakeServices } from "./wake.ts";

/** A tombstone, and what lies with it, outlives every message that could still name the old life. */
const tombstoneSeconds = 30 * 86_400;

/**
 * The last step of a delete: `state` becomes a tombstone with the old uid, its version going on; what is left of the
 * service expires; the spec goes, or the apply that came meanwhile takes its place under a new uid.
 */
export async function finishDelete(ports: Ports, snapshot: Planned, hops: number): Promise<boolean> {
  const { key, spec, state } = snapshot;
  const buried = state?.tombstone === true && state.uid === spec.uid ? state : await bury(ports, snapshot, spec);
  if (buried === undefined) return true;
  // What says that a command took effect goes with the spec: nobody may be told later that he must not.
  await settleLast(ports, spec.lastCommand, generationOf(spec));
  if (spec.next === undefined) {
    if (!(await ports.store.remove(spec))) return true;
    await tell(ports, key, [
      { type: "normal", reason: "Deleted", message: `deleted; generation ${spec.generation} was its last` },
    ]);
    ports.log.write({ level: "info", message: "deleted", service: key, generation: spec.generation });
    return false;
  }
  const reborn = await ports.store.swap(spec, rebornFrom(ports, spec, spec.next));
  if (reborn) await wakeServices(ports, [key], hops);
  return true;
}

async function bury(
  ports: Ports,
  { key, state, revisions, calls, tasks, wanted, settings, nowMs }: Planned,
  spec: SpecRecord,
): Promise<StateRecord | undefined> {
  const expiresAt = Math.floor(nowMs / 1000) + tombstoneSeconds;
  for (const item of [...revisions, ...calls, ...tasks] satisfies readonly Item[])
    if (item.expiresAt === undefined) await ports.store.swap<Item>(item, { expiresAt });
  const tombstone = {
    schema,
    uid: spec.uid,
    tombstone: true,
    generation: spec.generation,
    cluster: state?.cluster ?? settings.cluster,
    plan: { sets: [], maxLive: 0, barred: [] },
    backOffs: [],
    planVersion: (state?.version ?? 0) + 1,
    sealVersion: state?.sealVersion ?? 0,
    held: { tasks: 0, cpuUnits: 0, memoryMib: 0 },
    stops: {},
    conditions: [],
    progress: { revision: wanted.revision, updated: 0, ready: 0, available: 0, older: 0, atMs: nowMs, complete: false },
    expiresAt,
  };
  if (state === undefined) return ports.store.create<StateRecord>({ ...keys.state(key), ...tombstone });
  const cleared: Changes<StateRecord> = {
    rollout: undefined,
    stable: undefined,
    stableTraffic: undefined,
    scale: undefined,
    dueAtMs: undefined,
    revision: undefined,
    traffic: undefined,
    kindShard: undefined,
    kindRow: undefined,
    waitShard: undefined,
    waitRow: undefined,
  };
  return ports.store.swap(state, { ...cleared, ...tombstone });
}

/** The first spec of the next life, and nothing left of the one before. */
function rebornFrom(ports: Ports, spec: SpecRecord, next: NonNullable<SpecRecord["next"]>): Changes<SpecRecord> {
  return {
    ...firstSpec({ ...next, generation: spec.generation + 1, version: spec.version + 1 }),
    uid: ports.random.uid(),
    next: undefined,
    rolloutPaused: undefined,
    resumedAtMs: undefined,
    isRollback: undefined,
    cancelled: undefined,
  };
}
