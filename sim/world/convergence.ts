import type { ServiceKey } from "../../core/model/ids.ts";
import { isOpen } from "../../core/model/living.ts";
import type { SimulatedAws } from "./aws.ts";
import { trafficOf } from "./serving.ts";
import { type Truth, taskIdOf } from "./truth.ts";

/** What keeps a service from being as it should: empty when that many tasks run, serve, and nothing else is left. */
export function whatDiffers(truth: Truth, aws: SimulatedAws, key: ServiceKey, replicas: number): readonly string[] {
  const service = truth.service(key);
  const { spec, state, calls, tasks } = service;
  const live = truth.live(key);
  const target = state?.rollout?.failure?.outcome === "rolled back" ? state.stable : state?.revision;
  const running = live.filter(
    ({ lastStatus, desiredStatus }) => lastStatus === "RUNNING" && desiredStatus === "RUNNING",
  );
  const slots = new Set(
    running.map((task) => {
      const record = tasks.find(({ taskId }) => taskId === taskIdOf(task));
      return record?.revision === target ? record?.slot : undefined;
    }),
  );
  const groups = trafficOf(service).map(({ targetGroup }) => targetGroup);
  const healthy = groups.map(
    (group) => aws.elb.targetHealth(group).filter((target) => target.state === "healthy").length,
  );
  const rows: readonly (readonly [string, boolean])[] = [
    ["there is no spec", spec === undefined],
    [`generation ${state?.generation} is observed, not ${spec?.generation}`, state?.generation !== spec?.generation],
    [`it is still due (${state?.conditions.map(({ message }) => message).join("; ")})`, state?.dueAtMs !== undefined],
    [`${live.length} tasks live`, live.length !== replicas],
    [`${running.length} tasks run`, running.length !== replicas],
    [`their slots are ${[...slots].join(" ")}`, slots.size !== replicas || slots.has(undefined)],
    [`targets healthy: ${healthy.join(" ")}`, healthy.some((count) => count !== replicas)],
    [`${state?.plan.sets.length} sets are planned`, (state?.plan.sets.length ?? 0) > 1],
    ["traffic that left the spec is on record", (state?.traffic ?? []).length > groups.length],
    ["a call is open", calls.some(isOpen)],
    ["a stop is on record", Object.keys(state?.stops ?? {}).length > 0],
    [
      "a live record has no task",
      tasks.some(({ taskId, status }) => status !== "STOPPED" && !live.some((task) => taskIdOf(task) === taskId)),
    ],
  ];
  return rows.filter(([, differs]) => differs).map(([what]) => what);
}

/** What is left of a service that was deleted: empty when only its tombstone is. */
export function whatIsLeft(truth: Truth, aws: SimulatedAws, key: ServiceKey): readonly string[] {
  const { spec, state } = truth.service(key);
  const live = truth.live(key);
  const namespace = key.slice(0, key.indexOf("/"));
  const rows: readonly (readonly [string, boolean])[] = [
    ["there is a spec", spec !== undefined],
    ["there is no tombstone", state !== undefined && !state.tombstone],
    [`${live.length} tasks live`, live.length > 0],
    ["targets are registered", Object.values(aws.targetGroups).some((group) => aws.elb.targetHealth(group).length > 0)],
    ["it holds a quota", truth.usage(namespace)?.entries[key] !== undefined],
  ];
  return rows.filter(([, differs]) => differs).map(([what]) => what);
}
