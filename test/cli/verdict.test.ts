import { expect, test } from "vitest";
import { deleteVerdict, type Goal, rolloutVerdict } from "../../cli/verdict.ts";
import type { Condition } from "../../core/model/conditions.ts";
import type { SpecRecord, StateRecord, TaskRecord } from "../../core/model/records.ts";
import { aTask } from "../support/drawn-tasks.ts";
import { aSpec, key } from "../support/service.ts";

const condition = (type: Condition["type"], reason: string, status: Condition["status"] = "True"): Condition => ({
  type,
  status,
  reason,
  message: `${reason}!`,
  sinceMs: 0,
});
const complete = condition("Progressing", "Complete");
const rollingOut = condition("Progressing", "RollingOut");

interface Row {
  readonly name: string;
  readonly spec?: Partial<SpecRecord> | "none";
  readonly state?:
    | { readonly generation?: number; readonly conditions?: readonly Condition[]; readonly progress?: object }
    | "none";
  readonly pausedAbove?: "namespace" | "install";
  readonly goal?: Goal;
  readonly kind: string;
  readonly message?: string;
  readonly isHeld?: true;
}

const next = { manifest: aSpec().manifest, lastCommand: "c2", acceptedAtMs: 0 };

test.for<Row>([
  { name: "nothing decided yet", state: "none", kind: "waiting", message: "accepted, not looked at yet" },
  { name: "an earlier generation is complete", state: { generation: 1, conditions: [complete] }, kind: "waiting" },
  { name: "complete", state: { conditions: [complete] }, kind: "live", message: "Complete!" },
  {
    name: "on its way, and how far",
    state: { conditions: [condition("Available", "ReplicasUnavailable", "False"), rollingOut] },
    kind: "waiting",
    message: "ReplicasUnavailable!",
  },
  {
    name: "on its way, and how many tasks are replaced",
    state: {
      progress: { updated: 2, older: 1 },
      conditions: [condition("Available", "ReplicasUnavailable", "False"), rollingOut],
    },
    kind: "waiting",
    message: "2 of 3 updated, 1 older left; ReplicasUnavailable!",
  },
  {
    name: "backing off, and why",
    state: { conditions: [condition("Available", "Some"), condition("Progressing", "BackingOff")] },
    kind: "waiting",
    message: "BackingOff!",
  },
  {
    name: "no place, and why",
    state: { conditions: [condition("Available", "Some"), rollingOut, condition("Placed", "Unplaceable", "False")] },
    kind: "waiting",
    message: "Unplaceable!",
  },
  ...[1, 2].map((generation) => ({
    name: `paused with generation ${generation} looked at`,
    spec: { paused: true },
    state: { generation, conditions: [rollingOut] },
    kind: "waiting",
    message: "the service is paused; longshore resume service shop/web ends it",
    isHeld: true as const,
  })),
  { name: "complete before it was paused", spec: { paused: true }, state: { conditions: [complete] }, kind: "live" },
  {
    name: "paused before anything was decided",
    spec: { paused: true },
    state: "none",
    kind: "waiting",
    message: "the service is paused; longshore resume service shop/web ends it",
    isHeld: true,
  },
  ...["ProgressDeadlineExceeded", "TaskDefinitionRefused", "TargetGroupNotFound"].map((reason) => ({
    name: reason,
    state: { conditions: [condition("Progressing", reason, "False")] },
    kind: "failed",
    message: `${reason}: ${reason}!`,
  })),
  {
    name: "what ran before is back",
    state: { conditions: [condition("Progressing", "RolledBack", "False")] },
    kind: "rolled back",
    message: "RolledBack!",
  },
  {
    name: "what ran before comes back, and how far it is",
    state: {
      conditions: [condition("Available", "Some"), condition("Progressing", "RollingBack", "False")],
    },
    kind: "waiting",
    message: "RollingBack!",
  },
  {
    name: "somebody holds the rollout",
    spec: { rolloutPaused: true },
    state: { conditions: [condition("Available", "Some"), condition("Progressing", "RolloutPaused", "Unknown")] },
    kind: "waiting",
    message: "RolloutPaused!; longshore rollout resume shop/web ends it",
    isHeld: true,
  },
  ...(["namespace", "install"] as const).map((pausedAbove) => ({
    name: `the ${pausedAbove} is paused`,
    pausedAbove,
    state: { generation: 1, conditions: [complete] },
    kind: "waiting",
    message: {
      namespace: "namespace shop is paused; longshore resume namespace shop ends it",
      install: "the install is paused; longshore resume install ends it",
    }[pausedAbove],
    isHeld: true as const,
  })),
  ...["BreakerTripped", "Cancelled"].map((reason) => ({
    name: `${reason}, and it is held`,
    state: { conditions: [condition("Progressing", reason, "False")] },
    kind: "failed",
    message: `${reason}: ${reason}!`,
  })),
  {
    name: "the number of tasks is what it should be, of what ran before",
    goal: "scaled",
    state: {
      conditions: [condition("Available", "ReplicasAvailable"), condition("Progressing", "RolledBack", "False")],
    },
    kind: "live",
    message: "ReplicasAvailable!",
  },
  {
    name: "the number of tasks is not yet what it should be",
    goal: "scaled",
    state: { conditions: [condition("Progressing", "RollingBack", "False")] },
    kind: "waiting",
  },
  {
    name: "what ran before comes back after a cancel",
    goal: "cancelled",
    state: { conditions: [condition("Progressing", "RollingBack", "False")] },
    kind: "waiting",
  },
  {
    name: "what ran before is back after a cancel",
    goal: "cancelled",
    state: { conditions: [condition("Progressing", "RolledBack", "False")] },
    kind: "cancelled",
    message: "RolledBack!",
  },
  {
    name: "a cancel holds what is not to be rolled back",
    goal: "cancelled",
    state: { conditions: [condition("Progressing", "Cancelled", "False")] },
    kind: "cancelled",
  },
  {
    name: "a cancel is not looked at yet",
    goal: "cancelled",
    state: { conditions: [rollingOut] },
    kind: "waiting",
  },
  {
    name: "a cancel came too late",
    goal: "cancelled",
    state: { conditions: [complete] },
    kind: "refused",
    message: "it was complete before the cancel took effect: Complete!",
  },
  {
    name: "a later generation is wished",
    spec: { generation: 3 },
    kind: "superseded",
    message: "generation 3 took over",
  },
  { name: "a later generation is decided", state: { generation: 3 }, kind: "superseded" },
  {
    name: "deleted by a later command",
    spec: { generation: 3, deleting: true },
    kind: "superseded",
    message: "generation 3 deletes it",
  },
  { name: "deleted and gone", spec: "none", state: "none", kind: "superseded", message: "it was deleted meanwhile" },
  {
    name: "it waits for a delete before it",
    spec: { generation: 1, deleting: true, next },
    state: { generation: 1 },
    kind: "waiting",
    message: "the old tasks are stopped first",
  },
  {
    name: "it waits for a delete that is paused",
    spec: { generation: 1, deleting: true, next, paused: true },
    state: { generation: 1 },
    kind: "waiting",
    message: "the service is paused; longshore resume service shop/web ends it",
    isHeld: true,
  },
])("the rollout of generation 2 is $kind: $name", ({ spec, state, pausedAbove, goal, kind, message, isHeld }) => {
  const records = {
    key,
    ...(spec !== "none" && { spec: aSpec({}, { generation: 2, ...spec }) }),
    ...(state !== "none" && {
      state: {
        generation: 2,
        conditions: [],
        progress: { updated: 0, older: 0 },
        ...state,
      } as Partial<StateRecord> as StateRecord,
    }),
    ...(pausedAbove && { pausedAbove }),
  };
  const verdict = rolloutVerdict(2, records, goal);
  expect(verdict.kind).toBe(kind);
  if (message !== undefined) expect(verdict.message).toBe(message);
  expect(verdict.isHeld).toBe(isHeld);
});

interface DeleteRow {
  readonly name: string;
  readonly spec?: Partial<SpecRecord>;
  readonly pausedAbove?: "namespace";
  readonly tasks: readonly TaskRecord[];
  readonly kind: string;
  readonly message?: string;
}

test.for<DeleteRow>([
  { name: "tasks are left", spec: { deleting: true }, tasks: [aTask("t0")], kind: "waiting" },
  { name: "tasks are left, the spec is not", tasks: [aTask("t0")], kind: "waiting" },
  { name: "the spec is left", spec: { deleting: true }, tasks: [], kind: "waiting" },
  {
    name: "somebody paused it",
    spec: { deleting: true, paused: true },
    tasks: [aTask("t0")],
    kind: "waiting",
    message: "the service is paused; longshore resume service shop/web ends it; tasks left: 1",
  },
  {
    name: "somebody paused its namespace",
    spec: { deleting: true },
    pausedAbove: "namespace",
    tasks: [],
    kind: "waiting",
    message: "namespace shop is paused; longshore resume namespace shop ends it; tasks left: 0",
  },
  { name: "only stopped tasks are left", tasks: [aTask("t0", { status: "STOPPED" })], kind: "deleted" },
  { name: "nothing is left", tasks: [], kind: "deleted" },
  { name: "an apply waits for its end", spec: { deleting: true, next }, tasks: [aTask("t0")], kind: "superseded" },
  { name: "it was applied again", spec: { generation: 3 }, tasks: [aTask("t0")], kind: "superseded" },
])("the delete of generation 2 is $kind: $name", (row) => {
  const spec = row.spec ? { spec: aSpec({}, { generation: 2, ...row.spec }) } : {};
  const above = row.pausedAbove ? { pausedAbove: row.pausedAbove } : {};
  const verdict = deleteVerdict(2, { key, ...spec, ...above }, row.tasks);
  expect(verdict.kind).toBe(row.kind);
  if (row.message !== undefined) expect(verdict.message).toBe(row.message);
});
