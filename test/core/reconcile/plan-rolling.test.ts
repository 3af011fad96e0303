import { describe, expect, test } from "vitest";
import type { Revision } from "../../../core/model/ids.ts";
import type { RolloutRecord } from "../../../core/model/records.ts";
import type { Rollout } from "../../../core/model/service.ts";
import { decidePlan } from "../../../core/reconcile/plan.ts";
import { renderPlan } from "../../support/render-decision.ts";
import { aContent } from "../../support/service.ts";
import { anAimed, type Told } from "../../support/snapshot.ts";

const v1 = "v1" as Revision;
const v2 = "v2" as Revision;

interface Row extends Told {
  readonly name: string;
  /** What was proven; `v1` unless told. */
  readonly stable?: string;
  /** What became of the attempt at what is wanted. */
  readonly failed?: "paused" | "rolled back";
  readonly held?: boolean;
  readonly bounds?: Partial<Rollout>;
  readonly is: string;
}

/** Three replicas roll from `v1` to `v2` with a surge of one, unless told. */
function plan({ name: _, is: __, stable = "v1", failed, held = false, bounds, ...told }: Row): string {
  const wanted = (told.wanted ?? "v2") as Revision;
  const failure = { reason: "BreakerTripped", message: "", atMs: 1, outcome: failed ?? "paused" } as const;
  const rollout: RolloutRecord = { attempt: 1, revision: wanted, startedAtMs: 0, ...(failed && { failure }) };
  const aimed = anAimed({
    wanted: "v2",
    rollout: { strategy: "rolling", ...bounds, breaker: { failures: 99 } },
    ...told,
    revisions: { v0: { createdAtMs: 1 }, v1: { createdAtMs: 2 }, v2: { createdAtMs: 3 }, ...told.revisions },
    spec: { rolloutPaused: held, ...told.spec },
    state: { rollout, ...(stable === "none" ? {} : { stable: stable as Revision }), ...told.state },
  });
  return renderPlan(decidePlan(aimed, () => 0));
}

function check(row: Row): void {
  expect(plan(row)).toBe(row.is);
}

describe("rolling 3 replicas from v1 to v2, surge 1, unavailable 0", () => {
  test.for<Row>([
    {
      name: "the surge starts before anything stops",
      plan: "v1:0-2 max 4",
      tasks: "v1 v1 v1",
      is: "v1:0-2 v2:0 max 4",
    },
    {
      name: "one that starts pays for nothing",
      plan: "v1:0-2 v2:0 max 4",
      tasks: "v1 v1 v1 v2?",
      is: "v1:0-2 v2:0 max 4",
    },
    { name: "nor does one that fails", plan: "v1:0-2 v2:0 max 4", tasks: "v1 v1 v1 v2!", is: "v1:0-2 v2:1 max 4" },
    {
      name: "an available one frees an older one, and its place is the next one's",
      plan: "v1:0-2 v2:0 max 4",
      tasks: "v1 v1 v1 v2",
      is: "v1:0-1 v2:0-1 max 4",
    },
    {
      name: "an unhealthy older one never blocks",
      plan: "v1:0-2 v2:0 max 4",
      tasks: "v1 v1! v1 v2",
      is: "v1:0,2 v2:0-1 max 4",
    },
    {
      name: "one that is not there yet goes before one that serves",
      plan: "v1:0-2 v2:0 max 4",
      tasks: "v1 v1? v1 v2",
      is: "v1:0,2 v2:0-1 max 4",
    },
    {
      name: "what is proven is refilled, in a fresh slot, while nothing pays for it",
      plan: "v1:0-2 v2:0 max 4",
      tasks: "v1 v1<stopping v1 v2?",
      is: "v1:0,2-3 v2:0 max 4",
    },
    {
      name: "a stopped one's slot is refilled as it is",
      plan: "v1:0-2 v2:0 max 4",
      tasks: "v1 v1- v1/2 v2?",
      is: "v1:0-2 v2:0 max 4",
    },
    { name: "the last older one goes", plan: "v1:0 v2:0-2 max 4", tasks: "v1 v2 v2 v2", is: "v2:0-2 max 4" },
    { name: "and leaves no empty slot behind", plan: "v1:0 v2:0-2 max 4", tasks: "v2 v2 v2", is: "v2:0-2 max 4" },
    {
      name: "an older one that nobody planned has its place",
      plan: "v2:0-2 max 4",
      tasks: "v1/5 v2 v2?",
      is: "v1:5 v2:0-2 max 4",
    },
    {
      name: "so has what a call may have started",
      plan: "v2:0-2 max 4",
      tasks: "v2? v2?",
      calls: "sent v1/5",
      is: "v1:5 v2:0-2 max 4",
    },
    {
      name: "what is on no record has none",
      plan: "v2:0-2 max 4",
      tasks: "v9/0",
      revisions: { v9: "none" },
      is: "v2:0-2 max 4",
    },
    {
      name: "a task on its way out has none",
      plan: "v2:0-2 max 4",
      tasks: "v0/0<leaving v1/0<stopping",
      is: "v2:0-2 max 4",
    },
  ])("$name", check);
});

describe("by other bounds", () => {
  test.for<Row>([
    {
      name: "a single task without surge goes first",
      replicas: 1,
      bounds: { maxSurge: 0 },
      plan: "v1:0 max 1",
      tasks: "v1",
      is: "v2:0 max 1",
    },
    {
      name: "a single task with surge stays until the new one serves",
      replicas: 1,
      plan: "v1:0 max 2",
      tasks: "v1",
      is: "v1:0 v2:0 max 2",
    },
    {
      name: "with neither one may be missing",
      bounds: { maxSurge: 0, maxUnavailable: 0 },
      plan: "v1:0-2 max 3",
      tasks: "v1 v1 v1",
      is: "v1:0-1 v2:0 max 3",
    },
    {
      name: "by both",
      bounds: { maxSurge: 1, maxUnavailable: 1 },
      plan: "v1:0-2 max 4",
      tasks: "v1 v1 v1",
      is: "v1:0-1 v2:0-1 max 4",
    },
    {
      name: "by shares of what is wanted",
      replicas: 4,
      bounds: { maxSurge: "50%" },
      plan: "v1:0-3 max 6",
      tasks: "v1 v1 v1 v1",
      is: "v1:0-3 v2:0-1 max 6",
    },
    { name: "none wanted", replicas: 0, plan: "v1:0-2 max 4", tasks: "v1 v1 v1", is: "v2: max 1" },
  ])("$name", check);
});

describe("who gives way to the new", () => {
  const four = { replicas: 4, bounds: { maxSurge: 4 }, plan: "v1:0-3 v2:0-1 max 8" } as const;
  test.for<Row>([
    {
      ...four,
      name: "node by node, so that the places lie together",
      tasks: "v1@a.n1 v1@a.n2 v1@a.n1 v1@a.n2 v2 v2",
      is: "v1:0,2 v2:0-3 max 8",
    },
    {
      ...four,
      name: "of one node the highest",
      tasks: "v1@a.n1 v1@a.n1 v1@a.n1 v1@a.n1 v2 v2",
      is: "v1:0-1 v2:0-3 max 8",
    },
    {
      ...four,
      name: "first those that were given up before, whatever their nodes",
      plan: "v1:0-2 v2:0-3 max 8",
      tasks: "v1/0@a.n2 v1/1@a.n2 v1/2@a.n2 v1/3@a.n1 v2 v2? v2? v2?",
      is: "v1:0-2 v2:0-3 max 8",
    },
    {
      ...four,
      name: "but zone by zone first",
      tasks: "v1@a.n1 v1@b.n2 v1@a.n1 v1@b.n2 v2 v2",
      is: "v1:0-1 v2:0-3 max 8",
    },
    {
      ...four,
      name: "and those that serve last",
      tasks: "v1@a.n1 v1?@a.n1 v1@a.n2 v1@a.n2 v2 v2",
      is: "v1:0,2 v2:0-3 max 8",
    },
    {
      name: "what is rolled out and gives up places of its own, whatever their nodes",
      replicas: 2,
      plan: "v1: v2:0-3 max 4",
      stable: "v2",
      tasks: "v2@a.n1 v2@a.n2 v2@a.n1 v2@a.n2",
      is: "v2:0-1 max 3",
    },
  ])("$name", check);
});

describe("with nothing to roll", () => {
  test.for<Row>([
    { name: "the first start", stable: "none", plan: "none", is: "v2:0-2 max 4" },
    { name: "at rest", stable: "v2", plan: "v2:0-2 max 4", tasks: "v2 v2 v2", is: "v2:0-2 max 4" },
    {
      name: "a broken one has a fresh slot at once: the surge has room",
      stable: "v2",
      plan: "v2:0-2 max 4",
      tasks: "v2 v2 v2!",
      is: "v2:0-1,3 max 4",
    },
    { name: "scaled up", stable: "v2", replicas: 5, plan: "v2:0-2 max 4", tasks: "v2 v2 v2", is: "v2:0-4 max 6" },
    { name: "scaled down", stable: "v2", replicas: 1, plan: "v2:0-2 max 4", tasks: "v2 v2 v2", is: "v2:0 max 2" },
  ])("$name", check);
});

describe("another apply in the middle of a rollout", () => {
  test.for<Row>([
    {
      name: "what was half way goes before what is proven, and what of it does not serve first",
      wanted: "v3",
      plan: "v1:0-1 v2:0-1 max 4",
      tasks: "v1 v1 v2 v2?",
      is: "v2:0 v1:0-1 v3:0 max 4, bars v2",
    },
    {
      name: "of what is half way nothing starts any more, of what is proven it does",
      wanted: "v3",
      plan: "v1:0-1 v2:0-1 max 4",
      tasks: "v1 v2",
      is: "v2:0 v1:0-1 v3:0 max 4, bars v2",
    },
    {
      name: "of several that are half way the oldest goes first",
      wanted: "v3",
      plan: "v2:0 v0:0 v1:0-1 max 4",
      tasks: "v2 v0 v1 v1",
      revisions: { v3: { createdAtMs: 0 } },
      is: "v2:0 v1:0-1 v3:0 max 4, bars v2",
    },
    {
      name: "of several as old the first by name",
      wanted: "v3",
      plan: "v2:0 v0:0 v1:0 max 4",
      tasks: "v2 v0 v1",
      revisions: { v0: {}, v2: {} },
      is: "v0:0 v2:0 v1:0 v3:0 max 4, bars v0 v2",
    },
    {
      name: "before the first was ever complete: nothing is proven, and nothing of it starts any more",
      stable: "none",
      plan: "v1:0-2 max 4",
      tasks: "v1 v1 v1-",
      is: "v1:0-1 v2:0-1 max 4, bars v1",
    },
    {
      name: "that takes the first one back: what is proven grows again",
      wanted: "v1",
      plan: "v1:0-1 v2:0-1 max 4",
      tasks: "v1 v1 v2 v2?",
      is: "v2:0 v1:0-2 max 4, bars v2",
    },
  ])("$name", check);
});

describe("scaled in the middle of a rollout: each in proportion, then on", () => {
  const midway = { plan: "v1:0-1 v2:0-1 max 4", tasks: "v1 v1 v2? v2?" };
  test.for<Row>([
    { name: "up", ...midway, replicas: 7, is: "v1:0-3 v2:0-3 max 8" },
    { name: "down", ...midway, replicas: 1, is: "v1:0 v2:0 max 2" },
    { name: "down, what serves stays as far as it is needed", ...midway, replicas: 2, is: "v1:0-1 v2:0 max 3" },
    { name: "not at all", ...midway, is: "v1:0-1 v2:0-1 max 4" },
    { name: "held", ...midway, held: true, replicas: 7, is: "v1:0-3 v2:0-3 max 8" },
    {
      name: "failed: what is proven takes it all",
      ...midway,
      failed: "paused",
      replicas: 7,
      is: "v1:0-6 v2:0 max 8, bars v2",
    },
    { name: "up from nothing", replicas: 3, plan: "v2: max 1", is: "v2:0-2 max 4" },
    {
      name: "out of recreate with few: they are not scaled",
      plan: "v1:0 v2:0 max 0",
      tasks: "v1 v2?",
      is: "v1:0 v2:0-2 max 4",
    },
    {
      name: "from a single one",
      replicas: 4,
      bounds: { maxSurge: 0 },
      plan: "v1:0 max 1",
      tasks: "v1",
      is: "v1:0-2 v2:0 max 4",
    },
    {
      name: "out of recreate: nobody says what it was sized for",
      ...midway,
      plan: "v1:0-1 v2:0-1 max 0",
      is: "v1:0-1 v2:0-1 max 4",
    },
  ])("$name", check);
});

describe("held by hand", () => {
  test.for<Row>([
    {
      name: "the sizes stay",
      held: true,
      plan: "v1:0-1 v2:0-1 max 4",
      tasks: "v1 v1 v2 v2",
      is: "v1:0-1 v2:0-1 max 4",
    },
    { name: "nothing begins", held: true, plan: "v1:0-2 max 4", tasks: "v1 v1 v1", is: "v1:0-2 v2: max 4" },
    {
      name: "each is healed",
      held: true,
      plan: "v1:0-1 v2:0-1 max 4",
      tasks: "v1! v1 v2 v2!",
      is: "v1:1-2 v2:0,2 max 4",
    },
    {
      name: "but what is neither proven nor wanted: the proven one makes up for it",
      held: true,
      plan: "v0:0 v1:0 v2:0 max 4",
      tasks: "v0- v1 v2",
      is: "v1:0-1 v2:0 max 4",
    },
    { name: "a first start is none to hold", held: true, stable: "none", plan: "none", is: "v2:0-2 max 4" },
    {
      name: "what is proven comes back, though none of it was left",
      held: true,
      plan: "v2: max 1",
      is: "v1:0-2 v2: max 4",
    },
  ])("$name", check);
});

describe("failed and left as it is", () => {
  test.for<Row>([
    {
      name: "nothing of it starts, and what is proven makes up for it",
      failed: "paused",
      plan: "v1:0-1 v2:0-1 max 4",
      tasks: "v1 v1 v2 v2-",
      is: "v1:0-1 v2:0-1 max 4, bars v2",
    },
    {
      name: "what of it is broken makes room",
      failed: "paused",
      plan: "v1:0-1 v2:0-1 max 4",
      tasks: "v1 v1 v2! v2!",
      is: "v1:0-2 v2:2 max 4, bars v2",
    },
    {
      name: "also where none was left",
      failed: "paused",
      plan: "v2:0-2 max 4",
      tasks: "v2- v2- v2-",
      is: "v1:0-2 v2:0 max 4, bars v2",
    },
    {
      name: "with nothing proven it stays",
      failed: "paused",
      stable: "none",
      plan: "v2:0-2 max 4",
      tasks: "v2 v2 v2-",
      is: "v2:0-2 max 4, bars v2",
    },
    {
      name: "and an older one that failed before is barred too",
      failed: "paused",
      plan: "v0:0 v1:0-1 v2:0 max 4",
      tasks: "v0 v1 v1 v2?",
      is: "v0:0 v1:0-1 v2:0 max 4, bars v0 v2",
    },
  ])("$name", check);
});

describe("rolled back", () => {
  test.for<Row>([
    {
      name: "what is proven grows, what failed goes, and what of it does not serve first",
      failed: "rolled back",
      plan: "v1:0-1 v2:0-1 max 4",
      tasks: "v1 v1 v2 v2?",
      is: "v2:0 v1:0-2 max 4, bars v2",
    },
    {
      name: "what failed and serves waits until it is not needed",
      failed: "rolled back",
      plan: "v2:0-2 max 4",
      tasks: "v2 v2 v2",
      is: "v2:0-2 v1:0 max 4, bars v2",
    },
    {
      name: "it is over, and what failed stays barred",
      failed: "rolled back",
      plan: "v1:0-2 max 4",
      tasks: "v1 v1 v1",
      is: "v1:0-2 max 4, bars v2",
    },
  ])("$name", check);
});

describe("what is wanted cannot be started yet", () => {
  const undefinedYet = { revisions: { v2: { taskDefinition: undefined as never } } };
  test.for<Row>([
    {
      name: "what runs goes on, and is healed",
      ...undefinedYet,
      plan: "v1:0-2 max 4",
      tasks: "v1 v1!",
      is: "v1:0,2-3 max 4",
    },
    { name: "and scaled", ...undefinedYet, replicas: 4, plan: "v1:0-2 max 4", tasks: "v1 v1 v1", is: "v1:0-3 max 5" },
    { name: "nothing runs", ...undefinedYet, stable: "none", plan: "none", is: "max 0" },
    {
      name: "an unproven one goes on as well",
      ...undefinedYet,
      stable: "none",
      plan: "v1:0-2 max 4",
      tasks: "v1 v1 v1-",
      is: "v1:0-2 max 4",
    },
  ])("$name", check);
});

describe("recreate", () => {
  const recreate: Partial<Rollout> = { strategy: "recreate" };
  test.for<Row>([
    { name: "all of the old goes first", plan: "v1:0-2 max 3", tasks: "v1 v1 v1", is: "v2:0-2 max 0" },
    { name: "then the new comes", plan: "v2:0-2 max 0", tasks: "v1-", is: "v2:0-2 max 3" },
    {
      name: "held before it began, what runs goes on",
      held: true,
      plan: "v1:0-2 max 3",
      tasks: "v1 v1 v1-",
      is: "v1:0-2 v2: max 3",
    },
    {
      name: "held while the old goes, it comes back, and nothing new starts beside it",
      held: true,
      plan: "v2:0-2 max 0",
      tasks: "v1<leaving v1<stopping v1",
      is: "v1:2-4 v2: max 3",
    },
    {
      name: "held while the old goes with nothing proven, nothing starts",
      held: true,
      stable: "none",
      plan: "v2:0-2 max 0",
      tasks: "v1<leaving v1- v1/2",
      is: "v1:2 v2: max 3, bars v1",
    },
    {
      name: "held while the old goes, what is new and does not serve makes room",
      held: true,
      plan: "v2:0-2 max 0",
      tasks: "v1<leaving v2?",
      is: "v1:1-3 v2: max 3",
    },
    {
      name: "held with the new under way, it goes on alone",
      held: true,
      plan: "v2:0-2 max 3",
      tasks: "v2 v2?",
      is: "v2:0-2 max 3",
    },
    {
      name: "rolled back the same way",
      failed: "rolled back",
      plan: "v2:0-2 max 3",
      tasks: "v2 v2?",
      is: "v1:0-2 max 0, bars v2",
    },
    {
      name: "failed and left as it is",
      failed: "paused",
      plan: "v2:0-2 max 3",
      tasks: "v2 v2-",
      is: "v2:0-2 max 3, bars v2",
    },
  ])("$name", (row) => check({ ...row, bounds: recreate }));
});

test("a delete in the middle of a rollout plans nothing, and bars all", () => {
  const row = { name: "", deleting: true, plan: "v1:0-1 v2:0-1 max 4", tasks: "v1 v1 v2 v2", is: "" };
  expect(plan(row)).toBe("max 0, bars v0 v1 v2");
});

test("each set says all that dispatch has to know of its own revision", () => {
  const told: Told = {
    wanted: "v2",
    plan: "v1:0-2 max 4",
    tasks: "v1 v1 v1",
    priority: 70,
    rollout: { strategy: "rolling" },
    revisions: {
      v1: { content: { ...aContent(), capacity: "fargate" } },
      v2: { content: { ...aContent(), capacity: "fargate" } },
    },
    state: { stable: v1 },
  };
  const { sets } = decidePlan(anAimed(told), (revision) => (revision === v2 ? 1 : 2));
  const common = {
    role: "main",
    priority: 70,
    placement: { capacity: [], spread: [], constraints: [] },
    startDeadlineSeconds: 600,
  };
  expect(sets).toEqual([
    { id: "v1", revision: "v1", slots: "0-2", capacity: "fargate", notBeforeMs: 2, ...common },
    { id: "v2", revision: "v2", slots: "0", capacity: "ec2", notBeforeMs: 1, ...common },
  ]);
});
