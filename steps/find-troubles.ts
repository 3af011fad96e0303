import type { ServiceRow } from "../core/dispatch/due.ts";
import { isFault } from "../core/model/fault.ts";
import type { ServiceKey } from "../core/model/ids.ts";
import { keys } from "../core/model/names.ts";
import type { Item, StateRecord } from "../core/model/records.ts";
import { whyUnsound } from "../core/model/sound.ts";
import type { Ports } from "../core/ports/index.ts";
import { troublesIn } from "../core/trouble/decide.ts";
import type { Budget, Suspect } from "../core/trouble/signs.ts";
import { isBehind, isStuck, suspectsAmong } from "../core/trouble/suspects.ts";
import type { Trouble } from "../core/trouble/trouble.ts";
import { inTurns } from "./in-turns.ts";
import { readService } from "./load.ts";

/**
 * Looks for what deserves a person. It reads only: the account's budgets, how much each queue of dead letters holds, and
 * of services that have been unsettled for long what it takes to tell why. A service that cannot be read is a trouble of
 * its own and keeps nobody from being told of the others.
 *
 * @param services As the sweep found them in the index.
 */
export async function findTroubles(ports: Ports, services: readonly ServiceRow[]): Promise<readonly Trouble[]> {
  const nowMs = ports.clock.nowMs();
  const rowOf = new Map(services.map((row) => [row.key, row]));
  const [deadLetters, budgets, suspects] = await Promise.all([
    ports.queues.deadLetters(),
    readBudgets(ports),
    inTurns(suspectsAmong(services, nowMs), (key) => lookInto(ports, key, rowOf.get(key))),
  ]);
  return troublesIn({ nowMs, settings: ports.settings, deadLetters, budgets, suspects: suspects.flat() });
}

/** Budgets are written by the store itself, and carry nothing that other items do. */
async function readBudgets({ store, settings }: Ports): Promise<readonly Budget[]> {
  return (await store.query<Item>(`account#${settings.region}`, "budget#")) as readonly unknown[] as readonly Budget[];
}

async function lookInto(ports: Ports, key: ServiceKey, row: ServiceRow | undefined): Promise<readonly Suspect[]> {
  try {
    if (row !== undefined && !isBehind(row) && !(await mayBeTroubled(ports, key))) return [];
    return [{ kind: "read", key, ...(await readService(ports, key)) }];
  } catch (error) {
    if (isFault(error)) return [{ kind: "unread", key, reason: error.message }];
    throw error;
  }
}

/** A state alone tells that a busy service is doing well, as most that are unsettled for long are. */
async function mayBeTroubled({ store }: Ports, key: ServiceKey): Promise<boolean> {
  const state = await store.get<StateRecord>(keys.state(key));
  if (state === undefined || whyUnsound(state) !== undefined) return true;
  const { progress, stops, waitShard } = state;
  return !progress.complete || waitShard !== undefined || Object.values(stops).some((stop) => isStuck(stop));
}
