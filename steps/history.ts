import type { NewEvent } from "../core/model/events.ts";
import type { ServiceKey } from "../core/model/ids.ts";
import { keys } from "../core/model/names.ts";
import { type EventRecord, schema } from "../core/model/records.ts";
import type { Ports } from "../core/ports/index.ts";

/** How long the history of a service is kept. */
const keptSeconds = 14 * 86_400;

/** Appends to a service's history; a line more or less after a crash is nobody's loss. */
export async function tell(ports: Ports, key: ServiceKey, events: readonly NewEvent[]): Promise<void> {
  for (const event of events) {
    const atMs = ports.clock.nowMs();
    const sort = `${String(atMs).padStart(14, "0")}-${ports.random.token()}`;
    const expiresAt = Math.floor(atMs / 1000) + keptSeconds;
    await ports.store.create<EventRecord>({
      partition: keys.events(key),
      sort,
      schema,
      uid: key,
      expiresAt,
      atMs,
      ...event,
    });
  }
}
