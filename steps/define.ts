import { isFault } from "../core/model/fault.ts";
import type { ServiceKey } from "../core/model/ids.ts";
import { splitServiceKey } from "../core/model/ids.ts";
import { familyOf, keys } from "../core/model/names.ts";
import { type RevisionRecord, schema } from "../core/model/records.ts";
import type { TaskDefinition } from "../core/model/task-definition.ts";
import type { Ports } from "../core/ports/index.ts";
import { bringsIn, isRefused, wantedRevision } from "../core/reconcile/definitions.ts";
import type { Planned } from "../core/reconcile/snapshot.ts";
import { heedThrottle, takeBudget } from "./budget.ts";
import type { Stopwatch } from "./stopwatch.ts";

/** Whose revision is defined, and for how long it has been tried. */
export interface Defining {
  readonly snapshot: Planned;
  /** What ECS refused before is asked again. */
  readonly triedSinceMs: number;
  readonly stopwatch: Stopwatch;
}

/**
 * Gives the wanted revision its record and its task definition, once. A registration whose answer was lost is found by
 * its tag: the API has no token. What ECS refuses is recorded, so that the user is told and nobody asks again.
 *
 * @returns Whether to look again at once: it can be planned with, or is known to be refused since this attempt began.
 */
export async function defineRevision(ports: Ports, { snapshot, triedSinceMs, stopwatch }: Defining): Promise<boolean> {
  const record = await ensureRecord(ports, snapshot);
  if (record === undefined) return false;
  if (record.taskDefinition !== undefined || isRefused(record, triedSinceMs)) return true;
  const definition = definitionOf(snapshot.installId, snapshot.key, record);
  const found = await ports.tasks.findDefinition(definition.family, record.revision);
  if (found !== undefined) return (await ports.store.swap(record, { ...defined, taskDefinition: found })) !== undefined;
  if (!(await takeBudget(ports, "task-definitions", "rollout", 1)) || !stopwatch.isFresh()) return false;
  try {
    return (
      (await ports.store.swap(record, { ...defined, taskDefinition: await ports.tasks.define(definition) })) !==
      undefined
    );
  } catch (error) {
    await heedThrottle(ports, "task-definitions", error);
    if (!isFault(error, "terminal")) throw error;
    // Not looked at again before this attempt is on record: what was refused before an attempt began is asked again.
    await ports.store.swap(record, { refusal: error.message, refusedAtMs: ports.clock.nowMs() });
    return false;
  }
}

/** What a definition that was refused before no longer is. */
const defined = { refusal: undefined, refusedAtMs: undefined };

/** The revision's record, made or taken over from an earlier life of the service. */
async function ensureRecord(ports: Ports, snapshot: Planned): Promise<RevisionRecord | undefined> {
  const { key, wanted, spec, nowMs } = snapshot;
  const found = wantedRevision(snapshot);
  const given = { task: spec.manifest.spec.task, capacity: spec.manifest.spec.placement.capacity };
  const brought = { given, generation: spec.generation };
  if (found === undefined) {
    const { revision, content } = wanted;
    return ports.store.create<RevisionRecord>({
      ...keys.revision(key, revision),
      schema,
      uid: spec.uid,
      revision,
      content,
      ...brought,
      createdAtMs: nowMs,
    });
  }
  if (found.expiresAt !== undefined)
    return ports.store.swap(found, { ...defined, ...brought, expiresAt: undefined, uid: spec.uid });
  return bringsIn(snapshot) ? ports.store.swap(found, brought) : found;
}

function definitionOf(installId: string, key: ServiceKey, { revision, content }: RevisionRecord): TaskDefinition {
  const { namespace, name } = splitServiceKey(key);
  return {
    family: familyOf(installId, key),
    task: content.task,
    network: content.network,
    capacity: content.capacity,
    tags: {
      "longshore:install": installId,
      "longshore:namespace": namespace,
      "longshore:service": name,
      "longshore:revision": revision,
    },
  };
}
