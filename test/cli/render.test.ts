import { describe, expect, test } from "vitest";
import { outcomeOf } from "../../cli/outcome.ts";
import { paintStatus } from "../../cli/paint.ts";
import { json, printable } from "../../cli/printable.ts";
import type { ServiceRecords } from "../../cli/read-records.ts";
import { description } from "../../cli/render/description.ts";
import { devBanner, logLines } from "../../cli/render/dev.ts";
import { logLine } from "../../cli/render/lines.ts";
import { nodes, revisions, services, tasks } from "../../cli/render/lists.ts";
import { errorLine, fileIssues, outcomeLines, progressLine } from "../../cli/render/messages.ts";
import { autoscalingText, rolloutStatus, strategyText } from "../../cli/render/rollout.ts";
import { type RolloutView, viewRevisions } from "../../cli/rollout-views.ts";
import { type ServiceView, statusText, type TaskView, viewEvent, viewService, viewTask } from "../../cli/views.ts";
import type { Condition } from "../../core/model/conditions.ts";
import type { TaskStatus } from "../../core/model/records.ts";
import { aTask } from "../support/drawn-tasks.ts";
import { aManifest, aRevision, aSpec, key, nowMs } from "../support/service.ts";

const plain = { columns: Number.POSITIVE_INFINITY, hasColours: false };
const since = new Date(nowMs - 300_000).toISOString();
const conditions: ServiceView["conditions"] = [
  {
    type: "Available",
    status: "False",
    reason: "ReplicasUnavailable",
    message: "2 of 3 tasks are available: 1 starting, 2 available",
    since,
  },
  { type: "Progressing", status: "True", reason: "RollingOut", message: "generation 1 is on its way", since },
];
const web: ServiceView = {
  namespace: "shop",
  name: "web",
  status: "rolling out",
  generation: 2,
  observedGeneration: 1,
  replicas: 3,
  paused: null,
  revision: "0123456789",
  acceptedAt: since,
  conditions,
};
const aRollout = (given: Partial<RolloutView> = {}): RolloutView => ({
  service: key,
  status: "rolling out",
  generation: 2,
  observedGeneration: 2,
  target: { revision: "0123456789", generation: 2 },
  stable: { revision: "abcdef0123", generation: 1 },
  replicas: 3,
  updated: 2,
  ready: 1,
  available: 1,
  older: 2,
  paused: null,
  condition: conditions[1] ?? null,
  failure: null,
  ...given,
});
const aView = (taskId: string, status: TaskStatus = "RUNNING"): TaskView =>
  viewTask(
    key,
    aTask(taskId, {
      status,
      zone: "us-east-1a",
      createdAtMs: nowMs - 90_000,
      ...(status === "STOPPED" && {
        stoppedReason: "Essential container in task exited\u001b[31m",
        exitCode: 1,
        stoppedAtMs: nowMs,
      }),
    }),
  );

test("a list of services", () => {
  expect(services([web], nowMs, plain)).toMatchInlineSnapshot(`
    "SERVICE   STATUS       GENERATION  REVISION    CHANGED  TASKS
    shop/web  rolling out  2           0123456789  5m       2 of 3 tasks are available: 1 starting, 2 available
    "
  `);
});

test("a list of tasks", () => {
  expect(tasks([aView("0123456789abcdef0123456789abcdef")], nowMs, plain)).toMatchInlineSnapshot(`
    "SERVICE   TASK           STATUS   HEALTH   REVISION  ZONE        NODE  AGE
    shop/web  0123456789ab…  RUNNING  UNKNOWN  -         us-east-1a  n1    90s
    "
  `);
});

test("a list of tasks on a narrow terminal has no node, and then no zone", () => {
  const heads = (columns: number) =>
    tasks([aView("0123456789abcdef0123456789abcdef")], nowMs, { ...plain, columns })
      .split("\n")[0]
      ?.split(/ {2,}/);
  expect(heads(73)).toEqual(["SERVICE", "TASK", "STATUS", "HEALTH", "REVISION", "ZONE", "AGE"]);
  expect(heads(62)).toEqual(["SERVICE", "TASK", "STATUS", "HEALTH", "REVISION", "AGE"]);
});

test("a list of nodes", () => {
  const node = {
    node: "0123456789abcdef0123456789abcdef",
    instance: "i-1",
    zone: "us-east-1a",
    status: "ACTIVE",
    cpuUnits: 2048,
    memoryMib: 4096,
  };
  expect(
    nodes(
      [
        { ...node, agentConnected: true },
        { ...node, agentConnected: false },
      ],
      plain,
    ),
  ).toMatchInlineSnapshot(`
    "NODE           INSTANCE  ZONE        STATUS                      CPU UNITS  MEMORY MIB
    0123456789ab…  i-1       us-east-1a  ACTIVE                      2048       4096
    0123456789ab…  i-1       us-east-1a  ACTIVE, agent out of reach  2048       4096
    "
  `);
});

test("a list of revisions", () => {
  const revision = { service: "shop/web", createdAt: since, taskDefinition: null };
  expect(
    revisions(
      [
        {
          ...revision,
          revision: "0123456789",
          generation: 4,
          images: ["shop/web:2"],
          marks: ["current", "failed"],
          failure: "BreakerTripped",
        },
        {
          ...revision,
          revision: "abcdef0123",
          generation: 3,
          images: ["shop/web:1", "proxy\u001b"],
          marks: [],
          failure: null,
        },
      ],
      nowMs,
      plain,
    ),
  ).toMatchInlineSnapshot(`
    "REVISION    GENERATION  AGE  IS                               IMAGES
    0123456789  4           5m   current, failed: BreakerTripped  shop/web:2
    abcdef0123  3           5m   -                                shop/web:1, proxy\\u001b
    "
  `);
});

describe("where a rollout stands", () => {
  test("on its way", () => {
    expect(rolloutStatus(aRollout(), nowMs, plain)).toMatchInlineSnapshot(`
      "shop/web  rolling out
        generation   2
        target       0123456789 of generation 2
        tasks        2 updated, 1 ready, 1 available of 3; 2 older left
        stable       abcdef0123 of generation 1
        progressing  RollingOut: generation 1 is on its way
      "
    `);
  });

  test("failed and held, with a pause above it", () => {
    const failure = { reason: "BreakerTripped", message: "3 tasks failed", at: since, outcome: "paused" } as const;
    const rollout = aRollout({ status: "failed", paused: "install", older: 0, condition: null, failure });
    expect(rolloutStatus(rollout, nowMs, plain)).toMatchInlineSnapshot(`
      "shop/web  failed
        generation  2
        target      0123456789 of generation 2
        tasks       2 updated, 1 ready, 1 available of 3
        stable      abcdef0123 of generation 1
        failed      5m ago, and it is held: BreakerTripped: 3 tasks failed
        paused      the install; longshore resume install ends it
      "
    `);
  });

  test("failed, and the condition says why: the sentence stands there once", () => {
    const message = "3 tasks failed";
    const failure = { reason: "BreakerTripped", message, at: since, outcome: "rolled back" } as const;
    const told = { type: "Progressing", status: "False", reason: "RolledBack", since } as const;
    const condition = { ...told, message: `BreakerTripped: ${message}; revision v1 runs again` };
    expect(rolloutStatus(aRollout({ condition, failure }), nowMs, plain).split("\n").slice(-3)).toEqual([
      "  failed       5m ago, and it was rolled back: BreakerTripped",
      "  progressing  RolledBack: BreakerTripped: 3 tasks failed; revision v1 runs again",
      "",
    ]);
  });

  test("not looked at yet", () => {
    const rollout = aRollout({ observedGeneration: 0, target: null, stable: null, condition: null });
    expect(rolloutStatus(rollout, nowMs, plain)).toMatchInlineSnapshot(`
      "shop/web  rolling out
        generation  2, not looked at yet
        target      -
        tasks       2 updated, 1 ready, 1 available of 3; 2 older left
        stable      -
      "
    `);
  });

  test.for([
    { paused: "install", says: "longshore resume install ends it" },
    { paused: "namespace", says: "longshore resume namespace shop ends it" },
    { paused: "service", says: "longshore resume service shop/web ends it" },
    { paused: "rollout", says: "longshore rollout resume shop/web ends it" },
  ] as const)("who pauses it: the $paused", ({ paused, says }) => {
    expect(rolloutStatus(aRollout({ paused }), nowMs, plain)).toContain(says);
  });
});

test.for([
  {
    name: "rolling",
    given: {},
    is: "rolling, surge 25%, unavailable 0; after 5 failed tasks (50%) or 600s without progress: rollback",
  },
  {
    name: "all at once, and every option",
    given: { strategy: "recreate", minReadySeconds: 5, breaker: { failures: 2 }, onFailure: "pause" },
    is: "recreate, ready for 5s; after 2 failed tasks or 600s without progress: pause",
  },
] as const)("how a changed spec replaces what runs: $name", ({ given, is }) => {
  const rolling = {
    strategy: "rolling",
    maxSurge: "25%",
    maxUnavailable: 0,
    minReadySeconds: 0,
    progressDeadlineSeconds: 600,
    breaker: { percent: 50 },
    onFailure: "rollback",
  } as const;
  expect(strategyText({ ...rolling, ...given }, 10)).toBe(is);
});

test("how many tasks there may be", () => {
  const queue = "arn:aws:sqs:us-east-1:000000000000:jobs";
  const pace = { windowSeconds: 0 };
  const autoscaling = {
    min: 0,
    max: 20,
    metrics: [{ type: "queue", queue, messagesPerTask: 10 }],
    pollSeconds: 30,
    cooldownSeconds: 300,
    activation: 0,
    tolerance: 0.1,
    scaleIn: pace,
    scaleOut: pace,
  } as const;
  expect(autoscalingText(autoscaling, 5)).toBe("0 to 20 tasks, 5 now, by 10 messages a task in queue jobs");
});

test("a line of a container on a terminal has its head in grey", () => {
  const line = { at: since, task: "0123456789abcdef", container: "app", message: "hello" };
  expect(logLine(line, { ...plain, hasColours: true })).toBe("\u001b[90m0123456789ab/app\u001b[0m  hello\n");
});

test("an empty list says so", () => {
  expect(services([], nowMs, plain)).toBe("none\n");
});

test("all about one service", () => {
  const event = { partition: "", sort: "", schema: 1, version: 1, uid: "", atMs: nowMs - 60_000 };
  const events = [
    viewEvent({ ...event, type: "normal", reason: "Started", message: "started 1 task of v1" }),
    viewEvent({
      ...event,
      type: "warning",
      reason: "TaskFailed",
      message: "task 0123456789abcdef0123456789abcdef failed",
    }),
  ];
  const all = {
    service: web,
    rollout: aRollout(),
    manifest: aManifest({ traffic: [{}] }),
    tasks: [aView("t0"), aView("t1", "STOPPED")],
    events,
  };
  expect(description(all, nowMs, plain)).toMatchInlineSnapshot(`
    "shop/web  rolling out
      replicas    3
      generation  2, not looked at yet
      revision    0123456789
      changed     5m ago
      rollout     recreate; after 3 failed tasks (50%) or 600s without progress: rollback
      stable      abcdef0123 of generation 1
      containers  app (shop/web:1)
      each task   256 CPU units, 512 MiB
      traffic     app:http in arn:group

    conditions
      Available    False  ReplicasUnavailable  5m  2 of 3 tasks are available: 1 starting, 2 available
      Progressing  True   RollingOut           5m  generation 1 is on its way

    tasks
      task  status   health   revision  zone        node  age  stopped with
      t0    RUNNING  UNKNOWN  -         us-east-1a  n1    90s  -
      t1    STOPPED  UNKNOWN  -         us-east-1a  n1    90s  Essential container in task exited\\u001b[31m (exit code 1)

    events
      60s     Started     started 1 task of v1
      60s  !  TaskFailed  task 0123456789ab… failed
    "
  `);
});

describe("how a command ended", () => {
  test.for([
    {
      name: "live",
      outcome: outcomeOf("live", { service: "shop/web", generation: 3, message: "generation 3 is live" }),
      text: "shop/web  generation 3 is live\n",
    },
    {
      name: "failed",
      outcome: outcomeOf("failed", { service: "shop/web", generation: 3, message: "why" }),
      text: "shop/web  generation 3 failed: why\n",
    },
    {
      name: "refused, with every issue",
      outcome: outcomeOf("refused", {
        service: null,
        message: "refused",
        issues: [
          { code: "invalid", path: "spec.replicas", message: "replicas must be 0 to 5000, got -1" },
          { code: "syntax", path: "", message: "the text must be JSON" },
        ],
      }),
      text: "refused\n  spec.replicas: replicas must be 0 to 5000, got -1\n  the text must be JSON\n",
    },
  ])("$name", ({ outcome, text }) => {
    expect(outcomeLines(outcome, plain)).toBe(text);
  });

  test("in colour on a terminal that has some", () => {
    const outcome = outcomeOf("failed", { service: "shop/web", generation: 3, message: "why" });
    expect(outcomeLines(outcome, { ...plain, hasColours: true })).toBe(
      "shop/web  generation 3 \u001b[31mfailed\u001b[0m: why\n",
    );
  });
});

test("the issues of files, with where they are", () => {
  const issue = { code: "invalid", path: "spec.replicas", message: "replicas must be 0 to 5000, got -1" };
  expect(
    fileIssues([
      { file: "web.yaml", document: 2, ...issue },
      {
        file: "large.yaml",
        document: 0,
        code: "too-large",
        path: "",
        message: "a file must be at most 262144 bytes, got more",
      },
    ]),
  ).toMatchInlineSnapshot(`
    "web.yaml, document 2, spec.replicas: replicas must be 0 to 5000, got -1
    large.yaml: a file must be at most 262144 bytes, got more
    nothing was sent: 2 issues
    "
  `);
});

test("progress never wraps", () => {
  const told = { name: "shop/web", generation: 3, message: "2 of 3 tasks are available: 1 starting" };
  expect(progressLine(told, { columns: 80 })).toBe("shop/web  generation 3  2 of 3 tasks are available: 1 starting");
  expect(progressLine(told, { columns: 40 })).toBe("shop/web  generation 3  2 of 3 tasks a…");
});

describe("a log entry, for people", () => {
  const atMs = new Date(2026, 0, 1, 12, 3, 4).getTime();
  test.for([
    {
      name: "what changed, a line each, without words for machines",
      entry: {
        message: "reconciled",
        handler: "reconcile",
        service: "shop/web",
        generation: 1,
        changes: ["Planned: 3 tasks", "Stopping: stopping task 0123456789abcdef0123456789abcdef: surplus"],
      },
      text: "12:03:04  reconcile  shop/web  3 tasks\n12:03:04  reconcile  shop/web  stopping task 0123456789ab…: surplus\n",
    },
    {
      name: "what was done, with its fields",
      entry: {
        message: "dispatched",
        handler: "dispatch",
        service: "shop/web",
        started: 2,
        failures: [],
        refusal: undefined,
      },
      text: "12:03:04  dispatch   shop/web  dispatched  started=2\n",
    },
    {
      name: "what no handler said",
      entry: { message: "tasks run as processes" },
      text: "12:03:04  cluster    tasks run as processes\n",
    },
  ])("$name", ({ entry, text }) => {
    expect(logLines({ level: "info", ...entry }, atMs, plain)).toBe(text);
  });
});

test("what a client of the local cluster needs", () => {
  const rows = [["install", "longshore", "its name"]];
  expect(
    devBanner({ endpointUrl: "http://127.0.0.1:1", exports: "export A='1'\nexport B='2'\n", rows }, plain),
  ).toMatchInlineSnapshot(`
    "a cluster runs at http://127.0.0.1:1; ctrl-C stops it and all that runs on it

      export A='1'
      export B='2'

      install  longshore  its name

    "
  `);
});

describe("nothing that a terminal obeys", () => {
  test("is left in text from elsewhere", () => {
    expect(printable("a\u001b[2J\n\u009b\u202eb")).toBe("a\\u001b[2J\\u000a\\u009b\\u202eb");
    expect(errorLine("one\u0007\ntwo", plain)).toBe("error: one\\u0007\n  two\n");
  });

  test("is left in JSON, which means the same", () => {
    const value = { text: "a\u001b[2J\u009b\u202eb\u2028" };
    expect(json(value)).toContain("a\\u001b[2J\\u009b\\u202eb\\u2028");
    expect(JSON.parse(json(value))).toEqual(value);
  });
});

describe("the status of a service", () => {
  const condition = (type: "Available" | "Progressing" | "Placed", status: Condition["status"], reason: string) => ({
    type,
    status,
    reason,
    message: "",
    sinceMs: 0,
  });
  const live = [condition("Available", "True", "ReplicasAvailable"), condition("Progressing", "True", "Complete")];
  test.for([
    { status: "live", conditions: live },
    { status: "degraded", conditions: [condition("Available", "False", "ReplicasUnavailable"), ...live.slice(1)] },
    { status: "rolling out", conditions: [condition("Progressing", "True", "RollingOut")] },
    { status: "backing off", conditions: [condition("Progressing", "True", "BackingOff")] },
    { status: "no place", conditions: [condition("Placed", "False", "Unplaceable"), ...live] },
    { status: "failed", conditions: [condition("Progressing", "False", "ProgressDeadlineExceeded")] },
    { status: "accepted", conditions: live, spec: { generation: 2 } },
    { status: "rolling back", conditions: [condition("Progressing", "False", "RollingBack")] },
    { status: "rolled back", conditions: [condition("Progressing", "False", "RolledBack")] },
    {
      status: "rollout paused",
      conditions: [condition("Progressing", "Unknown", "RolloutPaused")],
      spec: { rolloutPaused: true },
    },
    { status: "live", conditions: live, spec: { rolloutPaused: true }, text: "live, rollout paused" },
    { status: "paused", conditions: live, spec: { paused: true } },
    { status: "deleting", conditions: live, spec: { deleting: true } },
    { status: "deleting", conditions: live, spec: { deleting: true, paused: true }, text: "deleting, paused" },
    {
      status: "deleting",
      conditions: live,
      spec: { deleting: true, rolloutPaused: true },
      text: "deleting, rollout paused",
    },
    {
      status: "rolled back",
      conditions: [condition("Progressing", "False", "RolledBack"), condition("Available", "False", "None")],
      text: "rolled back, degraded",
    },
    {
      status: "failed",
      conditions: [condition("Progressing", "False", "BreakerTripped"), condition("Available", "False", "None")],
      spec: { rolloutPaused: true },
      text: "failed, degraded, rollout paused",
    },
    {
      status: "rolled back",
      conditions: [condition("Progressing", "False", "RolledBack"), condition("Available", "True", "All")],
    },
  ])("$status: $text", ({ status, conditions, spec = {}, text = status }) => {
    const state = { generation: 1, conditions, progress: {} } as never;
    const view = viewService({ key, spec: aSpec({}, spec), state });
    expect(view?.status).toBe(status);
    expect(view && statusText(view)).toBe(text);
  });
});

const described = aSpec();
const scaled = {
  ...described,
  manifest: {
    ...described.manifest,
    spec: { ...described.manifest.spec, autoscaling: { min: 1, max: 9, metrics: [] } as never },
  },
};

test("a status of several words has the colour of the last", () => {
  const look = { ...plain, hasColours: true };
  expect(paintStatus("live, rollout paused ", look)).toBe("\u001b[33mlive, rollout paused \u001b[0m");
  expect(paintStatus("all of it, paused", look)).toBe("all of it, paused");
});

test("what runs after a rollback is the revision that is shown, not the one that is wished", () => {
  const state = { generation: 1, conditions: [], progress: { revision: "before" }, revision: "wished" } as never;
  expect(viewService({ key, spec: aSpec(), state })?.revision).toBe("before");
});

test("what a service ran, with what became of it", () => {
  const rollout = { revision: "eeeeeeeeee", failure: { reason: "ImageUnavailable" } };
  const state = { stable: "cccccccccc", revision: "dddddddddd", rollout } as never;
  const records = [
    aRevision("aaaaaaaaaa", { generation: 1, proven: true }),
    aRevision("bbbbbbbbbb", { generation: 2, failed: "Cancelled" }),
    aRevision("cccccccccc", { generation: 3, proven: true }),
    aRevision("eeeeeeeeee", { generation: 5 }),
    aRevision("dddddddddd", { generation: 4, proven: true, failed: "BreakerTripped" }),
  ];
  const views = viewRevisions({ key, spec: aSpec(), state }, records);
  expect(views.map(({ generation, marks, failure }) => [generation, marks.join(" "), failure])).toEqual([
    [5, "failed", "ImageUnavailable"],
    [4, "current proven failed", "BreakerTripped"],
    [3, "stable proven", null],
    [2, "failed", "Cancelled"],
    [1, "proven", null],
  ]);
});

describe("what holds a service, and how many tasks it should have", () => {
  test.for<{ name: string; records: Partial<ServiceRecords>; is: Partial<ServiceView> }>([
    { name: "nothing", records: {}, is: { paused: null, status: "accepted" } },
    { name: "its rollout is held", records: { spec: aSpec({}, { rolloutPaused: true }) }, is: { paused: "rollout" } },
    { name: "it is", records: { spec: aSpec({}, { paused: true, rolloutPaused: true }) }, is: { paused: "service" } },
    {
      name: "its namespace is",
      records: { spec: aSpec({}, { paused: true }), pausedAbove: "namespace" },
      is: { paused: "namespace", status: "paused" },
    },
    {
      name: "a number of the spec's",
      records: { state: { conditions: [], progress: {}, scale: { replicas: 7 } } as never },
      is: { replicas: 3 },
    },
    {
      name: "a number of the autoscaler's",
      records: {
        spec: scaled,
        state: { generation: 1, conditions: [], progress: {}, scale: { replicas: 7 } } as never,
      },
      is: { replicas: 7 },
    },
    { name: "a number of the first start", records: { spec: scaled }, is: { replicas: 3 } },
  ])("$name", ({ records, is }) => {
    expect(viewService({ key, spec: aSpec(), ...records })).toMatchObject(is);
  });
});
