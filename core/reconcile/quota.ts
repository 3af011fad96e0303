import { canonicalJson } from "../model/canonical.ts";
import { liveCount } from "../model/living.ts";
import type { Held, Plan, Resources } from "../model/records.ts";
import { slotCount } from "../model/slots.ts";
import type { Aimed, Planned } from "./snapshot.ts";

const nothing: Held = { tasks: 0, cpuUnits: 0, memoryMib: 0 };

/** What a service may hold of its namespace's quota, and what becomes of its entry there. */
export interface QuotaDecision {
  /** What the plan may start up to: goes into `state` with it. */
  readonly held: Held;
  /** The service's entry in its namespace's usage. `raise`: written before the swap of `state`; `lower`: after it, once sealed. */
  readonly entry: "raise" | "lower" | "keep";
  /** What to write as the entry: while it is raised, no part of it goes down. */
  readonly write: Held;
  /** Tasks that the namespace's quota has no room for. */
  readonly refused: number;
}

/**
 * Decides what a service may hold of its namespace's quota: as much as its plan wants, or what is left.
 *
 * Raised before the plan that needs it, lowered only after a sealed plan that does not: so the sum of all entries is
 * never below what lives or may come to live.
 *
 * @param each   What a task needs at most.
 * @param sealed Whether a query begun after the seal of the current plan is at hand.
 */
export function decideQuota(snapshot: Aimed, plan: Plan, each: Resources, sealed: boolean): QuotaDecision {
  const entry = entryOf(snapshot);
  const held = heldOf(snapshot, plan, each);
  const live = liveCount(snapshot);
  const raise = held.tasks > entry.tasks || held.cpuUnits > entry.cpuUnits || held.memoryMib > entry.memoryMib;
  const lower = canonicalJson(held) !== canonicalJson(entry) && sealed && live <= held.tasks;
  return {
    held,
    entry: raise ? "raise" : lower ? "lower" : "keep",
    write: raise ? larger(held, entry) : held,
    refused: Math.max(0, slotCount(plan.sets) - held.tasks),
  };
}

/** What a plan may hold: as much as it wants, or what the others in the namespace leave. */
export function heldOf(snapshot: Aimed, plan: Plan, each: Resources): Held {
  const others = Object.entries(snapshot.usage?.entries ?? {})
    .filter(([name]) => name !== snapshot.key)
    .reduce((sum, [, { tasks }]) => sum + tasks, 0);
  const room = Math.max(0, snapshot.settings.quota.tasks - others);
  return heldFor(Math.min(plannedTasks(snapshot, plan), room), each);
}

/** As many as may live at once, also while `recreate` lets nothing new live yet. */
function plannedTasks({ aim }: Aimed, plan: Plan): number {
  return plan.sets.length === 0 ? 0 : Math.max(plan.maxLive, slotCount(plan.sets), aim.replicas);
}

/** The service's own entry as it is stored; nothing if there is none. */
export function entryOf(snapshot: Planned): Held {
  const entry = snapshot.usage?.entries[snapshot.key];
  return entry ? { tasks: entry.tasks, cpuUnits: entry.cpuUnits, memoryMib: entry.memoryMib } : nothing;
}

function larger(a: Held, b: Held): Held {
  return {
    tasks: Math.max(a.tasks, b.tasks),
    cpuUnits: Math.max(a.cpuUnits, b.cpuUnits),
    memoryMib: Math.max(a.memoryMib, b.memoryMib),
  };
}

function heldFor(tasks: number, { cpuUnits, memoryMib }: Resources): Held {
  return { tasks, cpuUnits: tasks * cpuUnits, memoryMib: tasks * memoryMib };
}
