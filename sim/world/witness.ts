import type { ServiceKey, TaskId } from "../../core/model/ids.ts";
import { serviceOfGroup } from "../../core/model/names.ts";
import type { Item, Plan, RolloutRecord, RunTaskInput, SpecRecord } from "../../core/model/records.ts";
import type { Settings } from "../../core/model/settings.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { EngineTask } from "../ecs/api.ts";
import type { SimulatedAws } from "./aws.ts";
import type { CallSite } from "./call-site.ts";
import type { Answer } from "./calls.ts";
import type { PassEvidence } from "./serving.ts";
import { type Truth, taskIdOf } from "./truth.ts";

/** Oldest plan and pause that a mutating call may rest on. */
export const freshMs = 5_000;

/** A plan as it was stored. */
export interface StoredPlan {
  readonly sinceMs: number;
  readonly planVersion: number;
  readonly plan: Plan;
  /** Live tasks that it allows, with what is held of the quota. */
  readonly most: number;
}

/** A rollout's failure as it was stored. */
export interface StoredFailure {
  readonly sinceMs: number;
  readonly planVersion: number;
  readonly rollout: RolloutRecord;
}

/** What the checkers remember of a run; `record` in `recorder.ts` alone writes it. */
export interface Memory {
  readonly truth: Truth;
  readonly aws: SimulatedAws;
  readonly clock: Pick<Clock, "nowMs">;
  readonly settings: Settings;
  /** The latest plans of each service, oldest first. */
  readonly plans: Map<ServiceKey, readonly StoredPlan[]>;
  /** The failure that stands, of each service that has one. */
  readonly failures: Map<ServiceKey, StoredFailure>;
  /** Specs of each service, by generation and life: a decision may rest on one that was replaced since. */
  readonly specs: Map<string, SpecRecord>;
  /** What was true when each of the latest passes read. */
  readonly evidence: Map<number, PassEvidence>;
  /** Every request that was sent, by its token. */
  readonly sent: Map<string, string>;
  /** Since when the install, a namespace or a service is paused, by the partition of the record that says so. */
  readonly pausedSinceMs: Map<string, number>;
  /** Every command that changed something. */
  readonly effects: Set<string>;
}

/** Nothing has happened yet. */
export function emptyMemory(world: Pick<Memory, "truth" | "aws" | "clock" | "settings">): Memory {
  return {
    ...world,
    plans: new Map(),
    failures: new Map(),
    specs: new Map(),
    evidence: new Map(),
    sent: new Map(),
    pausedSinceMs: new Map(),
    effects: new Set(),
  };
}

/** One thing that must never happen. */
export interface Invariant {
  /** Its ids in `docs/invariants.md`. */
  readonly name: string;
  readonly before?: (site: CallSite, memory: Memory) => string | undefined;
  readonly after?: (site: CallSite, answer: Answer, memory: Memory) => string | undefined;
}

/** `<port>.<method>`. */
export function nameOf(site: CallSite): string {
  return `${site.port}.${site.method}`;
}

/** The service that a RunTask is for. */
export function keyOfRun(site: CallSite, { truth }: Memory): ServiceKey | undefined {
  return serviceOfGroup(truth.installId(), (site.args[0] as RunTaskInput).group);
}

/** The item that a create or a swap wrote. */
export function written(site: CallSite, answer: Answer): Item | undefined {
  if (nameOf(site) !== "store.swap" && nameOf(site) !== "store.create") return undefined;
  return answer.kind === "value" ? (answer.value as Item | undefined) : undefined;
}

/** Whether an item is the state of a service. */
export function isState({ partition, sort }: Item): boolean {
  return sort === "state" && partition.startsWith("service#");
}

/** Whether an item is the spec of a service. */
export function isSpec({ partition, sort }: Item): boolean {
  return sort === "spec" && partition.startsWith("service#");
}

/** Names one generation of one life of a service. */
export function specName({ partition, uid, generation }: Item & { readonly generation: number }): string {
  return `${partition} ${uid} ${generation}`;
}

/** The service in whose partition an item lies. */
export function keyOfItem({ partition }: Item): ServiceKey {
  return partition.slice("service#".length) as ServiceKey;
}

/** Tasks that really live and were not given up. */
export function liveOf(key: ServiceKey, { truth }: Memory): readonly EngineTask[] {
  const abandoned = new Set<TaskId>(
    truth.service(key).tasks.flatMap(({ taskId, abandonedAtMs }) => (abandonedAtMs === undefined ? [] : [taskId])),
  );
  return truth.live(key).filter((task) => !abandoned.has(taskIdOf(task)));
}
