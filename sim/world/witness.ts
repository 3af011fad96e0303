import type { ServiceKey, TaskId } from "../../core/model/ids.ts";
import { serviceOfGroup } from "../../core/model/names.ts";
import type { Item, RunTaskInput } from "../../core/model/records.ts";
import type { Settings } from "../../core/model/settings.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { EngineTask } from "../ecs/api.ts";
import type { CallSite } from "./call-site.ts";
import type { Answer } from "./calls.ts";
import { type Truth, taskIdOf } from "./truth.ts";

/** Oldest plan and pause that a mutating call may rest on. */
export const freshMs = 5_000;

/** What the checkers remember of a run. */
export interface Memory {
  readonly truth: Truth;
  readonly clock: Pick<Clock, "nowMs">;
  readonly settings: Settings;
  /** How many live tasks the plans of each service allowed, and since when. */
  readonly allowed: Map<ServiceKey, { readonly sinceMs: number; readonly most: number }[]>;
  /** Every request that was sent, by its token. */
  readonly sent: Map<string, string>;
  readonly pausedAtMs: Map<string, number>;
}

/** One thing that must never happen. */
export interface Invariant {
  /** Its ids in `reference/invariants.md`. */
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
