import { array, assert, constantFrom, integer, property, record } from "fast-check";
import { describe, expect, test } from "vitest";
import type { TaskId } from "../../../core/model/ids.ts";
import type { Stop } from "../../../core/model/records.ts";
import { classify } from "../../../core/reconcile/classify.ts";
import { stageOf } from "../../../core/reconcile/serving.ts";
import { decideStops, mostStops, sentOnly, stopRetryMs } from "../../../core/reconcile/stops.ts";
import { aStop } from "../../support/drawn-plan.ts";
import { renderStops } from "../../support/render-decision.ts";
import { nowMs } from "../../support/service.ts";
import { anAimed, type Told } from "../../support/snapshot.ts";

interface Row extends Told {
  readonly name: string;
  /** Available tasks that have to remain: as many as the plan's `replicas` unless told. */
  readonly remain?: number;
  readonly stops: string;
  readonly held?: number;
}

function decideWith(told: Told, remain?: number) {
  const snapshot = anAimed(told);
  return decideStops(classify(snapshot, snapshot.state?.plan), snapshot, remain ?? told.replicas ?? 3);
}

function check({ name: _, remain, stops, held, ...told }: Row): void {
  const decided = decideWith(told, remain);
  expect(renderStops(decided.stops)).toBe(stops);
  expect(decided.held).toBe(held ?? 0);
}

describe("who has to go, whatever remains", () => {
  test.for<Row>([
    { name: "a failing one", tasks: "v1!", stops: "t0 stopping: unhealthy" },
    { name: "one that never ran", tasks: "v1?+601", stops: "t0 stopping: failed to start" },
    { name: "one whose call closed without it", tasks: "v1<of1", calls: "void v1/0", stops: "t0 stopping: orphan" },
  ])("$name", check);
});

describe("one that came back", () => {
  test.for<Row>([
    { name: "goes once it is replaced", replicas: 1, tasks: "v1/0<returned v1/0", stops: "t0 stopping: returned" },
    { name: "stays as long as it is the only one", replicas: 1, tasks: "v1<returned", stops: "", held: 1 },
    { name: "stays until its replacement serves", replicas: 1, tasks: "v1/0<returned v1/0?", stops: "", held: 1 },
  ])("$name", check);
});

describe("who stays", () => {
  test.for<Row>([
    { name: "one in its slot", tasks: "v1 v1? v1~", stops: "" },
    { name: "one on a lost node", tasks: "v1<lost", stops: "" },
    { name: "one out of reach", tasks: "v1<abandoned", stops: "" },
    { name: "one whose call is not settled", tasks: "v1<of1", calls: "sent v1/0", stops: "" },
    { name: "one that lacks a record", tasks: "v1<loose", stops: "" },
    { name: "one that somebody stops", tasks: "v1^", stops: "" },
    { name: "one that stopped", tasks: "v1-", stops: "" },
  ])("$name", check);
});

describe("surplus leaves when enough remain (S1)", () => {
  test.for<Row>([
    { name: "3 of 4", tasks: "v1 v1 v1 v1", stops: "t3 stopping: surplus" },
    { name: "2 of 4", replicas: 2, tasks: "v1 v1 v1 v1", stops: "t2 stopping: surplus, t3 stopping: surplus" },
    { name: "0 of 2", replicas: 0, tasks: "v1 v1", stops: "t0 stopping: surplus, t1 stopping: surplus" },
    {
      name: "the youngest first",
      replicas: 2,
      plan: "v1:0 max 2",
      tasks: "v1+9 v1/1+8 v1/2+7",
      stops: "t2 stopping: surplus",
      held: 1,
    },
    {
      name: "of equals the smallest id first",
      replicas: 2,
      plan: "v1:0 max 2",
      tasks: "v1 v1/1 v1/2",
      stops: "t1 stopping: surplus",
      held: 1,
    },
    {
      name: "one that starts before one that serves",
      replicas: 2,
      plan: "v1:0 max 2",
      tasks: "v1 v1/1 v1/2?",
      stops: "t2 stopping: surplus",
      held: 1,
    },
    {
      name: "one that is ready only now before one that is available",
      replicas: 2,
      plan: "v1:0 max 2",
      tasks: "v1 v1/1+50 v1/2*+99",
      stops: "t2 stopping: surplus",
      held: 1,
    },
    { name: "not the last that serves", tasks: "v1 v1~ v1 v1", stops: "", held: 1 },
    { name: "not while others start", tasks: "v1? v1? v1? v1", stops: "", held: 1 },
    { name: "not while others are only just ready", tasks: "v1* v1 v1 v1", stops: "", held: 1 },
    { name: "not while others leave", tasks: "v1<leaving v1 v1 v1", stops: "t0 stopping: surplus", held: 1 },
    { name: "not while others stop", tasks: "v1<stopping v1 v1 v1", stops: "t0 stopping: surplus", held: 1 },
    { name: "not while others are out of reach", tasks: "v1<lost v1 v1 v1", stops: "", held: 1 },
    { name: "not while others were not described", tasks: "v1 v1 v1 v1", seen: ["t1", "t2", "t3"], stops: "", held: 1 },
    { name: "not while others fail", tasks: "v1! v1 v1 v1", stops: "t0 stopping: unhealthy", held: 1 },
    {
      name: "one that was not described itself, when enough were",
      tasks: "v1 v1 v1 v1",
      seen: ["t0", "t1", "t2"],
      stops: "t3 stopping: surplus",
    },
    {
      name: "one of two that serve, and one that starts counts for nothing",
      replicas: 2,
      tasks: "v1 v1? v1 v1",
      stops: "t2 stopping: surplus",
      held: 1,
    },
    { name: "with nothing that has to remain", remain: 0, tasks: "v1? v1? v1? v1", stops: "t3 stopping: surplus" },
  ])("$name", check);

  test.for<Row>([
    { name: "it has yet to run", tasks: "v1~ v1 v1 v1?", stops: "t3 stopping: surplus" },
    {
      name: "its group sends it nothing",
      tasks: "v1 v1 v1 v1",
      traffic: [{}],
      targets: "t3 unused",
      stops: "t3 stopping: surplus",
    },
    { name: "it is not registered", tasks: "v1 v1 v1 v1", traffic: [{}], targets: "", stops: "t3 stopping: surplus" },
  ])("one that serves nobody leaves at once: $name", check);

  test.for<Row>([
    { name: "it runs and nothing is known of its health", tasks: "v1~ v1 v1 v1~", stops: "", held: 1 },
    {
      name: "news of its start may be late",
      tasks: "v1~ v1 v1 v1?",
      described: ["t0", "t1", "t2"],
      stops: "",
      held: 1,
    },
    { name: "its group was not read", tasks: "v1 v1 v1 v1", traffic: [{}], targets: "unread", stops: "", held: 1 },
    {
      name: "its group has no health checks",
      tasks: "v1 v1 v1 v1",
      traffic: [{}],
      targets: "t3 unavailable",
      stops: "",
      held: 1,
    },
    { name: "its target is healthy", tasks: "v1 v1 v1 v1*", traffic: [{}], targets: "t3 healthy", stops: "", held: 1 },
    {
      name: "one of its two groups may send it requests",
      tasks: "v1 v1 v1 v1",
      traffic: [{}, { targetGroup: "arn:b", port: "x" }],
      targets: "",
      stops: "",
      held: 1,
    },
  ])("one that may serve, for all that is known, stays: $name", check);
});

test("of equals the smallest id first, in whatever order they are listed", () => {
  const snapshot = anAimed({ replicas: 2, plan: "v1:0 max 2", tasks: "v1 v1/1 v1/2" });
  const given = { ...snapshot, tasks: snapshot.tasks.toReversed() };
  expect(renderStops(decideStops(classify(given, given.state?.plan), given, 2).stops)).toBe("t1 stopping: surplus");
});

describe("what is replaced", () => {
  test.for<Row>([
    {
      name: "older ones count among those that remain",
      remain: 1,
      tasks: "v0+9 v0+8",
      stops: "t1 stopping: replaced",
      held: 1,
    },
    {
      name: "leaves when nothing has to remain",
      remain: 0,
      tasks: "v0 v0",
      stops: "t0 stopping: replaced, t1 stopping: replaced",
    },
    { name: "stays otherwise", remain: 2, replicas: 2, tasks: "v0 v0", stops: "", held: 2 },
  ])("$name", check);
});

describe("what rolls", () => {
  const rolling = { wanted: "v2", rollout: { strategy: "rolling" }, state: { stable: "v1" as never } } as const;
  test.for<Row>([
    {
      name: "a surplus of an older revision is replaced",
      ...rolling,
      plan: "v1:0 v2:0-1 max 4",
      tasks: "v1 v1 v2 v2",
      stops: "t1 stopping: replaced",
    },
    {
      name: "of the one that is aimed at it is surplus",
      ...rolling,
      plan: "v1:0 v2:0-1 max 4",
      tasks: "v1 v2 v2 v2",
      stops: "t3 stopping: surplus",
    },
    {
      name: "as many stay as must be available",
      ...rolling,
      plan: "v2:0-2 max 4",
      tasks: "v1+9 v1+8 v2 v2",
      stops: "t1 stopping: replaced",
      held: 1,
    },
    {
      name: "fewer, where some may be missing",
      ...rolling,
      remain: 2,
      plan: "v2:0-2 max 4",
      tasks: "v1+9 v1+8 v2 v2",
      stops: "t0 stopping: replaced, t1 stopping: replaced",
    },
  ])("$name", check);
});

describe("a delete stops all of the service", () => {
  test.for<Row>([
    { name: "whatever serves", tasks: "v1 v0", stops: "t0 stopping: deleted, t1 stopping: deleted" },
    {
      name: "also what is out of reach, for when it returns",
      tasks: "v1<lost v1<abandoned v1<returned",
      stops: "t0 stopping: deleted, t1 stopping: deleted, t2 stopping: deleted",
    },
    { name: "also what lacks a record", tasks: "v1<loose", stops: "t0 stopping: deleted" },
    { name: "also what fails", tasks: "v1! v1?+601", stops: "t0 stopping: deleted, t1 stopping: deleted" },
    {
      name: "not what is on its way already",
      tasks: "v1<leaving v1<stopping v1^",
      stops: "t0 stopping: surplus, t1 stopping: surplus",
    },
    { name: "not what may be in a call that is open", tasks: "v1<of1", calls: "sent v1/0", stops: "" },
    { name: "not what stopped", tasks: "v1-", stops: "" },
  ])("$name", (row) => check({ ...row, plan: "max 0", deleting: true, remain: 0 }));
});

test("a delete asks for nothing to remain", () => {
  check({ name: "", plan: "max 0", deleting: true, remain: 3, tasks: "v1", stops: "t0 stopping: deleted" });
});

describe("unhealthy tasks go few at a time", () => {
  const rolling = (maxSurge: number, maxUnavailable: number) =>
    ({ rollout: { strategy: "rolling", maxSurge, maxUnavailable }, remain: 0 }) as const;
  test.for<Row>([
    { name: "as many as the surge", ...rolling(1, 0), tasks: "v1! v1! v1!", stops: "t0 stopping: unhealthy" },
    {
      name: "and as may be missing",
      ...rolling(1, 1),
      tasks: "v1! v1! v1!",
      stops: "t0 stopping: unhealthy, t1 stopping: unhealthy",
    },
    {
      name: "with those that are on their way",
      ...rolling(1, 0),
      tasks: "v1! v1! v1<leaving",
      state: { stops: { t2: aStop({ why: "unhealthy" }) } },
      stops: "t2 stopping: unhealthy",
    },
    {
      name: "whatever else is on its way",
      ...rolling(1, 0),
      tasks: "v1! v1! v1<leaving",
      stops: "t0 stopping: unhealthy, t2 stopping: surplus",
    },
    {
      name: "all of them where all may be missing",
      remain: 0,
      tasks: "v1! v1! v1!",
      stops: "t0 stopping: unhealthy, t1 stopping: unhealthy, t2 stopping: unhealthy",
    },
  ])("$name", (row) => check(row));
});

describe("leaving, then stopping", () => {
  const traffic = [{ drainSeconds: 30 }];

  test.for<Row>([
    { name: "without traffic at once", tasks: "v1<leaving", stops: "t0 stopping: surplus" },
    { name: "registered and healthy", tasks: "v1<leaving", traffic, stops: "t0 leaving: surplus" },
    { name: "draining", tasks: "v1<leaving", traffic, targets: "t0 draining", stops: "t0 leaving: surplus" },
    {
      name: "unhealthy and draining",
      tasks: "v1<leaving",
      traffic,
      targets: "t0 unhealthy.draining",
      stops: "t0 leaving: surplus",
    },
    {
      name: "unhealthy itself, and its group found so",
      tasks: "v1<leaving",
      traffic,
      targets: "t0 unhealthy.draining",
      state: { stops: { t0: aStop({ why: "unhealthy" }) } },
      stops: "t0 stopping: unhealthy",
    },
    {
      name: "unhealthy itself, though its group sent it requests",
      tasks: "v1<leaving",
      traffic,
      targets: "t0 draining",
      state: { stops: { t0: aStop({ why: "unhealthy" }) } },
      stops: "t0 leaving: unhealthy",
    },
    {
      name: "registered and unused",
      tasks: "v1<leaving",
      traffic,
      targets: "t0 unused",
      stops: "t0 stopping: surplus",
    },
    {
      name: "not registered",
      tasks: "v1<leaving",
      traffic,
      targets: "10.9.9.9 healthy",
      stops: "t0 stopping: surplus",
    },
    {
      name: "in a group that does not exist",
      tasks: "v1<leaving",
      traffic,
      targets: "absent",
      stops: "t0 stopping: surplus",
    },
    {
      name: "in a group that could not be read",
      tasks: "v1<leaving",
      traffic,
      targets: "unread",
      stops: "t0 leaving: surplus",
    },
    {
      name: "past its drain time",
      tasks: "v1<leaving",
      traffic: [{ drainSeconds: 10 }],
      stops: "t0 stopping: surplus",
    },
    {
      name: "past its drain time in a group that could not be read",
      tasks: "v1<leaving",
      traffic: [{ drainSeconds: 10 }],
      targets: "unread",
      stops: "t0 stopping: surplus",
    },
    {
      name: "just before its drain time is over",
      tasks: "v1<leaving",
      traffic: [{ drainSeconds: 11 }],
      stops: "t0 leaving: surplus",
    },
    {
      name: "past one of two drain times",
      tasks: "v1<leaving",
      traffic: [{ drainSeconds: 5 }, { drainSeconds: 30 }],
      stops: "t0 leaving: surplus",
    },
    {
      name: "without a drain time, in the pass that tells it to leave",
      tasks: "v1!",
      traffic: [{ drainSeconds: 0 }],
      targets: "t0 healthy",
      stops: "t0 leaving: unhealthy",
    },
    {
      name: "told to leave in this pass, and serving",
      tasks: "v1!",
      traffic,
      targets: "t0 healthy",
      stops: "t0 leaving: unhealthy",
    },
    {
      name: "told to leave in this pass, and not registered",
      tasks: "v1?+601",
      traffic,
      targets: "",
      stops: "t0 stopping: failed to start",
    },
    { name: "stopping never goes back", tasks: "v1<stopping", traffic, stops: "t0 stopping: surplus" },
  ])("$name", check);

  test("a group that was not asked about is one that was not read", () => {
    const snapshot = { ...anAimed({ tasks: "v1<leaving", traffic }), targets: new Map() };
    expect(renderStops(decideStops(classify(snapshot, snapshot.state?.plan), snapshot, 3).stops)).toBe(
      "t0 leaving: surplus",
    );
  });

  test.for<Told & { readonly name: string }>([
    { name: "it leaves", tasks: "v1<leaving" },
    { name: "it returned", tasks: "v1<returned" },
    { name: "it was abandoned, and the service is deleted", tasks: "v1<abandoned", deleting: true, plan: "max 0" },
  ])("a leave is not begun anew at every pass: $name", ({ name: _, ...told }) => {
    const stop = aStop({ why: "returned", atMs: nowMs - 20_000 });
    const { stops } = decideWith({ ...told, traffic, targets: "t0 draining", state: { stops: { t0: stop } } });
    expect(stops.t0).toEqual(stop);
  });

  test("what STOPPED is owed no stop any more", () => {
    expect(decideWith({ tasks: "v1-", state: { stops: { t0: aStop() } } }).stops).toEqual({});
  });

  test.for([
    { name: "is owed, since the record may be newer than what was read", agoMs: 3_599_999, left: 1 },
    { name: "is forgotten after an hour", agoMs: 3_600_000, left: 0 },
  ])("a stop of a task that is not on record $name", ({ agoMs, left }) => {
    const { stops } = decideWith({ tasks: "v1", state: { stops: { t9: aStop({ atMs: nowMs - agoMs }) } } });
    expect(Object.keys(stops)).toHaveLength(left);
  });
});

describe("StopTask", () => {
  /** A stop after so many tries, the last of them so many seconds ago. */
  function stopping(tries: number, secondsAgo: number): Stop {
    return aStop({ phase: "stopping", tries, lastTryAtMs: nowMs - secondsAgo * 1000 });
  }

  test.for([
    { name: "first", stop: aStop({ phase: "stopping" }), sent: true },
    { name: "a second time too early", stop: stopping(1, 1), sent: false },
    { name: "a second time", stop: stopping(1, 2), sent: true },
    { name: "a fifth time too early", stop: stopping(4, 15), sent: false },
    { name: "a fifth time", stop: stopping(4, 16), sent: true },
    { name: "for ever, each minute", stop: stopping(1000, 60), sent: true },
    { name: "not more often", stop: stopping(1000, 59), sent: false },
    { name: "not while it leaves its traffic", stop: aStop(), traffic: [{}], sent: false },
  ])("$name: $sent", ({ stop, sent, traffic }) => {
    const decided = decideWith({ tasks: "v1", ...(traffic && { traffic }), state: { stops: { t0: stop } } });
    expect(decided.send).toEqual(sent ? ["t0"] : []);
    expect(decided.stops.t0).toEqual(sent ? { ...stop, tries: stop.tries + 1, lastTryAtMs: nowMs } : stop);
  });

  test("goes to the tasks of one node after those of another: what they free is filled by few calls", () => {
    const stops = Object.fromEntries(["t0", "t1", "t2", "t3"].map((taskId) => [taskId, stopping(0, 60)]));
    const decided = decideWith({ tasks: "v1@a.n2 v1@a.n1 v1@a.n2 v1@a.n1", state: { stops } });
    expect(decided.send).toEqual(["t1", "t3", "t0", "t2"]);
  });

  test("is counted in the pass that authorises it", () => {
    const { stops, send } = decideWith({ tasks: "v1!" });
    expect(stops.t0).toEqual({ phase: "stopping", why: "unhealthy", atMs: nowMs, tries: 1, lastTryAtMs: nowMs });
    expect(send).toEqual(["t0"]);
  });

  test.for([
    { tries: 0, ms: 0 },
    { tries: 1, ms: 2000 },
    { tries: 2, ms: 4000 },
    { tries: 5, ms: 32_000 },
    { tries: 6, ms: 60_000 },
    { tries: 5000, ms: 60_000 },
  ])("after $tries tries waits $ms ms", ({ tries, ms }) => {
    expect(stopRetryMs(tries)).toBe(ms);
  });
});

describe("at most 500 at once", () => {
  const tasks = Array.from({ length: mostStops + 5 }, () => "v1").join(" ");

  test("of 505 to stop", () => {
    expect(Object.keys(decideWith({ replicas: 0, tasks }).stops)).toHaveLength(500);
  });

  test("those that cost nothing come first", () => {
    const { stops } = decideWith({ replicas: 0, tasks: `v1 v1 v1 ${"v1? ".repeat(mostStops - 1)}v1*` });
    expect(["t0", "t1", "t2"].filter((taskId) => taskId in stops)).toEqual([]);
  });

  test("those on record count", () => {
    const taken = `${"v1<stopping ".repeat(mostStops - 1)}v1 v1`;
    const { stops, held } = decideWith({ replicas: 0, plan: "max 0", tasks: taken });
    expect(Object.keys(stops)).toHaveLength(500);
    expect(held).toBe(0);
  });
});

describe("any surplus", () => {
  const told = record({
    slots: integer({ min: 0, max: 6 }),
    remain: integer({ min: 0, max: 6 }),
    tasks: array(constantFrom("v1", "v1?", "v1~", "v1!", "v1*", "v0", "v1<leaving", "v1<stopping", "v1<lost"), {
      maxLength: 8,
    }),
    seen: array(integer({ min: 0, max: 7 })),
  });

  test("no stop that counts takes what remains below the floor", () => {
    assert(
      property(told, ({ slots, remain, tasks, seen }) => {
        const snapshot = anAimed({
          replicas: slots,
          tasks: tasks.join(" "),
          seen: seen.map((index) => `t${index}`),
        });
        const { stops } = decideStops(classify(snapshot, snapshot.state?.plan), snapshot, remain);
        const serves = snapshot.tasks.filter(
          (task) =>
            stageOf(task, snapshot) === "available" &&
            snapshot.seen.has(task.taskId) &&
            snapshot.notice?.tasks[task.taskId] === undefined,
        );
        const voluntary = serves.filter(
          ({ taskId }) =>
            snapshot.state?.stops[taskId] === undefined && ["surplus", "replaced"].includes(stops[taskId]?.why ?? ""),
        );
        const left = serves.filter(({ taskId }) => stops[taskId] === undefined);
        if (voluntary.length > 0) expect(left.length).toBeGreaterThanOrEqual(remain);
      }),
    );
  });
});

describe("what the budget has no room for", () => {
  const [first, again] = ["t0", "t1"] as TaskId[] as [TaskId, TaskId];
  const tried = aStop({ phase: "stopping", tries: 1, lastTryAtMs: nowMs - 2_000 });
  const decided = {
    stops: {
      [first]: aStop({ phase: "stopping", tries: 1, lastTryAtMs: nowMs }),
      [again]: { ...tried, tries: 2, lastTryAtMs: nowMs },
    },
    send: [first, again],
  };

  test("is not counted as tried, and is due as before", () => {
    const { lastTryAtMs: _, ...untried } = tried;
    expect(sentOnly(decided, [], { [again]: tried })).toEqual({
      stops: { [first]: { ...untried, tries: 0 }, [again]: tried },
      send: [],
    });
  });

  test("leaves what it has room for as it was decided", () => {
    expect(sentOnly(decided, [again], { [again]: tried })).toMatchObject({
      stops: { [first]: { phase: "stopping", tries: 0 }, [again]: { tries: 2, lastTryAtMs: nowMs } },
      send: [again],
    });
    expect(sentOnly(decided, decided.send, {})).toEqual(decided);
  });
});
