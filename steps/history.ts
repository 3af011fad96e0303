import type { NewEvent } from "../core/model/events.ts";
import type { ServiceKey } from "../core/model/ids.ts";
import { keys } from "../core/model/names.ts";
import { type EventRecord, schema } from "../core/model/records.ts";
import type { Scope } from "../core/model/scope.ts";
import type { Ports } from "../core/ports/index.ts";

/** How long a history is kept. */
const keptSeconds = 14 * 86_400;

/** Appends to the history of a service, a namespace or the install; a line more or less after a crash is nobody's loss. */
export async function tell(ports: Ports, of: ServiceKey | Scope, events: readonly NewEvent[]): Promise<void> {
  const partition = keys.events(of);
  for (const event of events) {
    const atMs = ports.clock.nowMs();
    const sort = `${String(atMs).padStart(14, "0")}-${ports.random.token()}`;
    const expiresAt = Math.floor(atMs / 1000) + keptSeconds;
    await ports.store.create<EventRecord>({
      partition,
      sort,
      schema,
      uid: partition.slice("events#".length),
      expiresAt,
      atMs,
      ...event,
    });
  }
}
