import { splitServiceKey } from "../core/model/ids.ts";
import { keys } from "../core/model/names.ts";
import { type Held, schema, type UsageRecord } from "../core/model/records.ts";
import type { Ports } from "../core/ports/index.ts";
import type { Snapshot } from "../core/reconcile/snapshot.ts";

const mostTries = 5;

/**
 * Writes a service's own entry in its namespace's usage. An entry with a later stamp stands: ours was decided from an
 * older state.
 *
 * @param ahead 1: the stamp is of the state that will be swapped next (raise); 0: of the one on record (lower).
 * @returns False when it did not come to it, or the quota has no room any more: look again.
 */
export async function writeEntry(
  ports: Ports,
  { key, spec, state, settings }: Snapshot,
  held: Held,
  ahead: 0 | 1,
): Promise<boolean> {
  const place = keys.usage(splitServiceKey(key).namespace);
  const entry = { ...held, stamp: (state?.version ?? 0) + ahead, uid: spec?.uid ?? state?.uid ?? "" };
  for (let tries = 0; tries < mostTries; tries += 1) {
    const usage = await ports.store.get<UsageRecord>(place);
    if (usage === undefined) {
      if (await ports.store.create<UsageRecord>({ ...place, schema, uid: place.partition, entries: { [key]: entry } }))
        return true;
      continue;
    }
    const before = usage.entries[key];
    if (before && before.stamp > entry.stamp) return false;
    const entries = { ...usage.entries, [key]: entry };
    const total = Object.values(entries).reduce((sum, { tasks }) => sum + tasks, 0);
    // An entry that holds no more tasks than before may grow otherwise, also where the quota was cut below what is held.
    const grows = entry.tasks > (before?.tasks ?? 0);
    if (ahead === 1 && grows && total > settings.quota.tasks) return false;
    if (held.tasks === 0) delete entries[key];
    if (await ports.store.swap(usage, { entries })) return true;
  }
  return false;
}
