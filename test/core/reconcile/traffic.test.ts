import { describe, expect, test } from "vitest";
import type { Revision } from "../../../core/model/ids.ts";
import type { RolloutRecord, StateRecord, TaskRecord } from "../../../core/model/records.ts";
import type { TargetState } from "../../../core/ports/targets.ts";
import { takeAim } from "../../../core/reconcile/aim.ts";
import { classify } from "../../../core/reconcile/classify.ts";
import { decide } from "../../../core/reconcile/reconcile.ts";
import { allTraffic, stageOf } from "../../../core/reconcile/serving.ts";
import type { Planned, TargetReading } from "../../../core/reconcile/snapshot.ts";
import { decideTraffic, holdsTargets, trafficOnRecord } from "../../../core/reconcile/traffic.ts";
import { renderTraffic } from "../../support/render-decision.ts";
import { aContent, aSpec, nowMs } from "../../support/service.ts";
import { otherNode } from "../../support/sightings.ts";
import { anAimed, aSnapshot, type Told } from "../../support/snapshot.ts";

function told(snapshot: Planned): string {
  return renderTraffic(decideTraffic(classify(snapshot, snapshot.state?.plan), takeAim(snapshot)));
}

/** A group as it was read: `"10.0.0.0 healthy, 10.0.0.1 draining"`. */
function targetsIn(drawn: string): TargetReading {
  const targets = drawn === "" ? [] : drawn.split(", ").map((each) => each.split(" ") as [string, TargetState]);
  return { kind: "read", targets: targets.map(([id, state]) => ({ id, port: 80, state })) };
}

/** The first two tasks at one address. */
function atOneAddress(snapshot: Planned): Planned {
  return { ...snapshot, tasks: snapshot.tasks.map((task) => ({ ...task, address: "10.0.0.0" })) };
}

const traffic = [{}];

describe("who is registered", () => {
  test.for<Told & { readonly name: string; readonly is: string }>([
    { name: "one that passed its checks", tasks: "v1", targets: "", is: "+10.0.0.0:80" },
    { name: "one that has none to pass", tasks: "v1~", health: false, targets: "", is: "+10.0.0.0:80" },
    { name: "not one that starts", tasks: "v1?", targets: "", is: "" },
    { name: "not one of which nothing is known", tasks: "v1~", targets: "", is: "" },
    { name: "not one that is registered", tasks: "v1", targets: "t0 initial", is: "" },
    {
      name: "not one that fails there",
      tasks: "v1",
      traffic: [{ healthGraceSeconds: 7200 }],
      targets: "t0 unhealthy",
      is: "",
    },
    { name: "one that drains, and is wanted again", tasks: "v1", targets: "t0 draining", is: "+10.0.0.0:80" },
    {
      name: "one that fails and drains, and is wanted again",
      tasks: "v1",
      targets: "t0 unhealthy.draining",
      is: "+10.0.0.0:80",
    },
    {
      name: "surplus and older ones, until they are told to leave",
      tasks: "v1/9 v0",
      targets: "",
      is: "+10.0.0.0:80 +10.0.0.1:80",
    },
    { name: "one on a lost node", tasks: "v1<lost", targets: "", is: "+10.0.0.0:80" },
    { name: "not one without a slot", tasks: "v1<loose", targets: "", is: "" },
    { name: "not one out of reach", tasks: "v1<abandoned", targets: "", is: "" },
    { name: "not one that leaves", tasks: "v1<leaving", targets: "", is: "" },
    { name: "nobody while the service is deleted", tasks: "v1", targets: "", deleting: true, is: "" },
  ])("$name", ({ name: _, is, ...given }) => {
    expect(told(aSnapshot({ traffic, ...given }))).toBe(is);
  });
});

test("one that fails in one group joins no other", () => {
  const snapshot = aSnapshot({ traffic: [{}, { targetGroup: "arn:b" }], tasks: "v1", targets: "t0 unhealthy" });
  const targets = new Map([...snapshot.targets, ["arn:b", { kind: "read", targets: [] }] as const]);
  expect(told({ ...snapshot, targets })).toBe("");
});

describe("who is deregistered", () => {
  test.for<Told & { readonly name: string; readonly is: string }>([
    { name: "one that leaves", tasks: "v1<leaving", is: "-10.0.0.0:80" },
    { name: "one that stops", tasks: "v1<stopping", is: "-10.0.0.0:80" },
    { name: "one that stopped", tasks: "v1-+60", is: "-10.0.0.0:80" },
    { name: "one that somebody stops", tasks: "v1^", is: "-10.0.0.0:80" },
    { name: "one that returned", tasks: "v1<returned", is: "-10.0.0.0:80" },
    { name: "not an orphan, which never was registered", tasks: "v1<of1", calls: "void v1/0", is: "" },
    { name: "not one that drains already", tasks: "v1<leaving", targets: "t0 draining", is: "" },
    { name: "not one that is gone", tasks: "v1<leaving", targets: "", is: "" },
    { name: "not one that may still be settled", tasks: "v1<loose", is: "" },
    { name: "not one out of reach: its load balancer sees for itself", tasks: "v1<abandoned", is: "" },
    { name: "not one of which nothing is known", tasks: "v1~", is: "" },
    { name: "not somebody else's", tasks: "v1", targets: "t0 healthy, 10.9.9.9 healthy", is: "" },
    { name: "also while the service is deleted", tasks: "v1<leaving", deleting: true, is: "-10.0.0.0:80" },
  ])("$name", ({ name: _, is, ...given }) => {
    expect(told(aSnapshot({ traffic, targets: "t0 healthy", ...given }))).toBe(is);
  });

  test("an orphan, once its revision is known", () => {
    const snapshot = aSnapshot({ traffic, tasks: "v1<of1", calls: "void v1/0", targets: "t0 healthy" });
    const tasks = snapshot.tasks.map((task): TaskRecord => ({ ...task, revision: "v1" as Revision }));
    expect(told({ ...snapshot, tasks })).toBe("-10.0.0.0:80");
  });
});

describe("a group is left alone", () => {
  test.for(["unread", "absent"])("that is %s", (targets) => {
    expect(told(aSnapshot({ traffic, targets, tasks: "v1 v1<leaving" }))).toBe("");
  });

  test("that nobody asked about", () => {
    expect(told({ ...aSnapshot({ traffic, tasks: "v1" }), targets: new Map() })).toBe("");
  });
});

describe("an address that went over to another task", () => {
  test.for<Told & { readonly name: string; readonly is: string }>([
    { name: "that serves is left registered", tasks: "v1- v1", is: "" },
    { name: "of which nothing is known is left registered", tasks: "v1- v1~", is: "" },
    { name: "that is out of reach is left registered", tasks: "v1- v1<abandoned", is: "" },
    { name: "that starts is not registered yet", tasks: "v1-+60 v1?", is: "-10.0.0.0:80" },
    { name: "that leaves too is deregistered once", tasks: "v1- v1<leaving", is: "-10.0.0.0:80" },
  ])("$name", ({ name: _, is, ...given }) => {
    expect(told(atOneAddress(aSnapshot({ traffic, targets: "t0 healthy", ...given })))).toBe(is);
  });

  test("another port is another target", () => {
    const snapshot = aSnapshot({ traffic, tasks: "v1", targets: "" });
    const reading = { kind: "read", targets: [{ id: "10.0.0.0", port: 81, state: "healthy" }] } as const;
    expect(told({ ...snapshot, targets: new Map([["arn:group", reading]]) })).toBe("+10.0.0.0:80");
  });
});

describe("what a load balancer reaches a task by", () => {
  const bridged: Told = { mode: "bridge", traffic, targets: "", tasks: "v1" };

  /** The usual task as bridge mode has it: a port of its node. */
  function onNode(given: Partial<TaskRecord>): Planned {
    const snapshot = aSnapshot(bridged);
    return { ...snapshot, tasks: snapshot.tasks.map((task) => ({ ...task, ...given })) };
  }

  test("its node and a port of that node", () => {
    expect(told(onNode({ hostPorts: { "app:80": 32_768 } }))).toBe("+i-1:32768");
  });

  test.for<{ readonly name: string; readonly given: Partial<TaskRecord> }>([
    { name: "it has no port there yet", given: {} },
    { name: "its node is not known", given: { hostPorts: { "app:80": 1 }, nodeId: otherNode } },
    { name: "another container's port is no use", given: { hostPorts: { "side:80": 1 } } },
  ])("nothing while $name", ({ given }) => {
    expect(told(onNode(given))).toBe("");
  });

  test("nothing while it has no node, or no address of its own", () => {
    const snapshot = onNode({ hostPorts: { "app:80": 1 } });
    expect(told({ ...snapshot, tasks: snapshot.tasks.map(({ nodeId: _, ...task }) => task) })).toBe("");
    const own = aSnapshot({ traffic, targets: "", tasks: "v1" });
    expect(told({ ...own, tasks: own.tasks.map(({ address: _, ...task }) => task) })).toBe("");
  });

  test.for([{ container: "side" }, { port: "admin" }])("nothing by %o, which its revision lacks", (entry) => {
    expect(told(aSnapshot({ traffic: [entry], targets: "", tasks: "v1" }))).toBe("");
  });
});

test("each group is told what it lacks", () => {
  const two = [{ targetGroup: "arn:a" }, { targetGroup: "arn:b" }];
  const snapshot = aSnapshot({ traffic: two, targets: "", tasks: "v1" });
  const changes = decideTraffic(classify(snapshot, snapshot.state?.plan), takeAim(snapshot));
  expect(changes.map(({ targetGroup }) => targetGroup)).toEqual(["arn:a", "arn:b"]);
});

describe("a service still holds targets", () => {
  test.for<Told & { readonly name: string; readonly holds: boolean }>([
    { name: "registered", targets: "t0 healthy", holds: true },
    { name: "draining", targets: "t0 draining", holds: true },
    { name: "none of its own", targets: "10.9.9.9 healthy", holds: false },
    { name: "nobody knows", targets: "unread", holds: true },
    { name: "no such group", targets: "absent", holds: false },
    { name: "no traffic", traffic: [], holds: false },
  ])("$name: $holds", ({ name: _, holds, ...given }) => {
    const snapshot = aSnapshot({ traffic, tasks: "v1-", deleting: true, ...given });
    expect(holdsTargets(classify(snapshot, snapshot.state?.plan), snapshot)).toBe(holds);
  });

  test("a group that does not exist hides no other", () => {
    const two = [{ targetGroup: "arn:a" }, { targetGroup: "arn:b" }];
    const snapshot = aSnapshot({ traffic: two, tasks: "v1-", targets: "t0 draining" });
    const targets = new Map([...snapshot.targets, ["arn:a", { kind: "absent" }] as const]);
    const given = { ...snapshot, targets };
    expect(holdsTargets(classify(given, given.state?.plan), given)).toBe(true);
  });
});

describe("a stopped task's target", () => {
  test.for<{ name: string; agoSeconds: number; state: TargetState; is: string }>([
    { name: "is taken out", agoSeconds: 600, state: "healthy", is: "-10.0.0.0:80" },
    { name: "is somebody else's when it answers well long after", agoSeconds: 601, state: "healthy", is: "" },
    { name: "is taken out however late when it does not", agoSeconds: 601, state: "unhealthy", is: "-10.0.0.0:80" },
  ])("$name", ({ agoSeconds, state, is }) => {
    const snapshot = aSnapshot({ traffic, tasks: `v1-+${agoSeconds}` });
    expect(told({ ...snapshot, targets: new Map([["arn:group", targetsIn(`10.0.0.0 ${state}`)]]) })).toBe(is);
  });
});

describe("when traffic came is on record", () => {
  const [entry] = aSpec({ traffic: [{}] }).manifest.spec.traffic;
  const came = (sinceMs: number) => (entry ? [{ ...entry, sinceMs }] : []);
  test.for<Told & { readonly name: string; readonly is: number | undefined }>([
    { name: "not of what a service has from the first", plan: "none", targets: "", is: undefined },
    { name: "of what is added to one that ran without", state: { traffic: [] }, targets: "", is: nowMs },
    { name: "as long as it stays", state: { traffic: came(1) }, targets: "t0 unhealthy, t1 healthy", is: 1 },
    {
      name: "until enough are healthy in it",
      state: { traffic: came(1) },
      targets: "t0 healthy, t1 healthy",
      is: undefined,
    },
    {
      name: "while nobody is, though nobody has to be available",
      rollout: { strategy: "rolling", maxUnavailable: 2 },
      state: { traffic: came(1) },
      targets: "",
      is: 1,
    },
    {
      name: "while those that leave are alone in it",
      tasks: "v1<leaving v1<leaving",
      state: { traffic: came(1) },
      targets: "t0 healthy, t1 healthy",
      is: 1,
    },
    { name: "not of what was on record without", state: { traffic: entry ? [entry] : [] }, targets: "", is: undefined },
  ])("$name", ({ name: _, is, ...given }) => {
    const { next } = decide(aSnapshot({ replicas: 2, tasks: "v1 v1", traffic: [{}], ...given }));
    expect(next.traffic).toEqual([{ ...entry, ...(is === undefined ? {} : { sinceMs: is }) }]);
  });
});

describe("traffic that left the spec", () => {
  const left = { targetGroup: "arn:old", container: "app", port: "http", drainSeconds: 300, healthGraceSeconds: 0 };
  const leaving = (targets: string, more: Told = {}) => {
    const snapshot = anAimed({ replicas: 2, tasks: "v1 v1", traffic: [], state: { traffic: [left] }, ...more });
    const read = targetsIn(targets);
    return { ...snapshot, targets: new Map([...snapshot.targets, ["arn:old", read] as const]) };
  };

  test("has every task of ours taken out of it", () => {
    const snapshot = leaving("10.0.0.0 healthy, 10.0.0.1 initial, 10.9.9.9 healthy");
    expect(told(snapshot)).toBe("-10.0.0.0:80 -10.0.0.1:80");
  });

  test("stays on record while a task of ours drains there", () => {
    const snapshot = leaving("10.0.0.0 draining");
    expect(trafficOnRecord(classify(snapshot, snapshot.state?.plan), snapshot)).toEqual([left]);
    expect(decide(snapshot).next).toMatchObject({ traffic: [left], dueAtMs: nowMs });
  });

  test("is forgotten when none of ours is in it", () => {
    const snapshot = leaving("10.9.9.9 healthy");
    expect(told(snapshot)).toBe("");
    expect(decide(snapshot).next.traffic).toEqual([]);
  });

  test("stays on record while it cannot be read", () => {
    const snapshot = aSnapshot({ tasks: "v1", traffic: [], state: { traffic: [left] } });
    expect(decide(snapshot).next.traffic).toEqual([left]);
  });

  test("is drained before a task of it is stopped", () => {
    const snapshot = leaving("10.0.0.0 draining", { tasks: "v1<leaving" });
    expect(decide(snapshot).send).toEqual([]);
    expect(decide(leaving("", { tasks: "v1<leaving" })).send).toHaveLength(1);
  });

  describe("and has another in its place", () => {
    const both = "10.0.0.0 healthy, 10.0.0.1 healthy";
    test.for<Told & { readonly name: string; readonly before: string; readonly is: string }>([
      { name: "is joined before the old one is left", targets: "", before: both, is: "+10.0.0.0:80 +10.0.0.1:80" },
      { name: "holds all while the new one has too few", targets: "t0 healthy, t1 initial", before: both, is: "" },
      {
        name: "is left once enough are healthy in the new one",
        targets: "t0 healthy, t1 healthy",
        before: both,
        is: "-10.0.0.0:80 -10.0.0.1:80",
      },
      {
        name: "is left once enough are healthy there that have to be available",
        rollout: { strategy: "rolling", maxSurge: 0, maxUnavailable: 1 },
        targets: "t0 healthy, t1 initial",
        before: both,
        is: "-10.0.0.0:80 -10.0.0.1:80",
      },
      {
        name: "does not hold one that leaves",
        tasks: "v1 v1<leaving",
        targets: "t0 initial",
        before: both,
        is: "-10.0.0.1:80",
      },
      {
        name: "is left at once by a service that is deleted",
        deleting: true,
        targets: "",
        before: both,
        is: "-10.0.0.0:80 -10.0.0.1:80",
      },
    ])("$name", ({ name: _, before, is, ...more }) => {
      expect(told(leaving(before, { traffic: [{}], ...more }))).toBe(is);
    });

    test.for([
      { name: "a task that serves in it still is available", targets: "t0 initial", before: both, is: "available" },
      { name: "one that never did is not", targets: "t0 initial", before: "", is: "healthy" },
      { name: "one that the new group refuses is kept", targets: "t0 unhealthy", before: both, is: "available" },
    ])("$name", ({ targets, before, is }) => {
      const snapshot = leaving(before, { traffic: [{}], tasks: "v1", targets });
      const [task] = snapshot.tasks;
      expect(task && stageOf(task, snapshot)).toBe(is);
      expect(classify(snapshot, snapshot.state?.plan)[0]?.bucket).toBe("kept");
    });

    test("one that both groups refuse is unhealthy", () => {
      const snapshot = leaving("10.0.0.0 unhealthy", { traffic: [{}], tasks: "v1", targets: "t0 unhealthy" });
      expect(classify(snapshot, snapshot.state?.plan)[0]?.bucket).toBe("unhealthy");
    });

    test("marks nobody ready or not while the old group cannot be read", () => {
      const snapshot = aSnapshot({ traffic: [{}], tasks: "v1*", targets: "t0 initial", state: { traffic: [left] } });
      const unread = new Map([...snapshot.targets, ["arn:old", { kind: "unread" }] as const]);
      expect(decide({ ...snapshot, targets: unread }).ready).toEqual([]);
    });
  });

  describe("because what it names has another name now", () => {
    const content = aContent();
    const named = (port: string) => {
      const containers = content.task.containers.map((each) => ({
        ...each,
        ports: [{ name: port, containerPort: 80, protocol: "tcp" as const }],
      }));
      return { content: { ...content, task: { ...content.task, containers } } };
    };
    const before = { ...left, targetGroup: "arn:group", port: "web" };
    const renamed = (told: Told) =>
      anAimed({
        traffic: [{}],
        plan: "v0:0-1 v1:0-1 max 3",
        replicas: 2,
        state: { traffic: [before] },
        revisions: { v0: named("web") },
        ...told,
      });

    test.for<Told & { readonly name: string; readonly is: string }>([
      {
        name: "holds those that have nothing else",
        tasks: "v0 v0 v1",
        targets: "t0 healthy, t1 healthy, t2 initial",
        is: "",
      },
      { name: "is joined by one that has nothing else", tasks: "v0", targets: "", is: "+10.0.0.0:80" },
      {
        name: "is left once enough of the others are healthy",
        tasks: "v0 v0 v1 v1",
        targets: "t0 healthy, t1 initial, t2 healthy, t3 healthy",
        is: "-10.0.0.0:80 -10.0.0.1:80",
      },
      { name: "is not joined again after that", tasks: "v0 v1 v1", targets: "t1 healthy, t2 healthy", is: "" },
    ])("$name", ({ name: _, is, ...more }) => {
      expect(told(renamed(more))).toBe(is);
    });

    test.for([
      { name: "one that serves in it is available", targets: "t0 healthy", is: "available kept" },
      { name: "one that does not is not", targets: "", is: "healthy kept" },
      { name: "one that it refuses is unhealthy", targets: "t0 unhealthy", is: "healthy unhealthy" },
    ])("$name", ({ targets, is }) => {
      const snapshot = renamed({ tasks: "v0", targets });
      const [first] = classify(snapshot, snapshot.state?.plan);
      expect(`${first?.stage} ${first?.bucket}`).toBe(is);
    });

    test.for([
      { name: "stays on record while a revision of it is planned", plan: "v0:0 v1:0-1 max 3", is: 2 },
      { name: "is forgotten when none is", plan: "v1:0-1 max 3", is: 1 },
    ])("$name", ({ plan, is }) => {
      expect(decide(renamed({ plan, tasks: "v1 v1" })).next.traffic).toHaveLength(is);
    });

    test("one that has some of what is named now is not counted as one that took it up", () => {
      const snapshot = renamed({ tasks: "v0 v0", traffic: [{}, { targetGroup: "arn:b", port: "web" }] });
      const targets = new Map(
        [...snapshot.targets].map(([each]) => [each, targetsIn("10.0.0.0 healthy, 10.0.0.1 healthy")]),
      );
      expect(told({ ...snapshot, targets })).toBe("");
    });
  });

  describe("because its rollout was rolled back", () => {
    const [wished] = aSpec({ traffic: [{}] }).manifest.spec.traffic;
    const rollout: RolloutRecord = {
      attempt: 1,
      revision: "v2" as Revision,
      startedAtMs: 0,
      failure: { reason: "BreakerTripped", message: "", atMs: 1, outcome: "rolled back" },
    };
    test.for<{ readonly name: string; readonly state?: Partial<StateRecord>; readonly is: readonly unknown[] }>([
      { name: "gives its place to that of what is stable", is: [left, wished] },
      { name: "stays where another attempt was", state: { rollout: { ...rollout, attempt: 0 } }, is: [wished] },
      {
        name: "stays where another revision was",
        state: { rollout: { ...rollout, revision: "v3" as Revision } },
        is: [wished],
      },
      {
        name: "stays where the rollout stayed as it was",
        state: { rollout: { ...rollout, failure: { reason: "Cancelled", message: "", atMs: 1, outcome: "paused" } } },
        is: [wished],
      },
      { name: "stays where that was another life of the service", state: { uid: "u0" }, is: [wished] },
      {
        name: "stays where nobody knows what went with it",
        state: { stableTraffic: undefined as never },
        is: [wished],
      },
    ])("$name", ({ state, is }) => {
      const given = { stable: "v1" as Revision, stableTraffic: [left], traffic: wished ? [wished] : [], rollout };
      const snapshot = aSnapshot({ wanted: "v2", traffic: [{}], state: { ...given, ...state } });
      expect(allTraffic(snapshot)).toEqual(is);
    });

    test("is left, and that of before joined", () => {
      const state = { stable: "v1" as Revision, stableTraffic: [left], traffic: wished ? [wished] : [], rollout };
      const told: Told = { wanted: "v2", revisions: { v1: {} }, tasks: "v1", replicas: 1, plan: "v1:0 max 1", state };
      const snapshot = aSnapshot({ ...told, traffic: [{}], targets: "t0 healthy" });
      const reading = (drawn: string) => ({
        ...snapshot,
        targets: new Map([...snapshot.targets, ["arn:old", targetsIn(drawn)] as const]),
      });
      expect(decide(reading("")).traffic).toEqual([
        { targetGroup: "arn:old", register: [{ id: "10.0.0.0", port: 80 }], deregister: [] },
      ]);
      const { traffic: changes, next } = decide(reading("10.0.0.0 healthy"));
      expect(changes).toEqual([{ targetGroup: "arn:group", register: [], deregister: [{ id: "10.0.0.0", port: 80 }] }]);
      expect(next).toMatchObject({ traffic: [left, wished], dueAtMs: nowMs });
    });
  });

  test("a task of an older revision that has not the port that the new traffic names is available without it", () => {
    const content = aContent();
    const [container] = content.task.containers;
    const older = { ...content, task: { ...content.task, containers: container ? [{ ...container, ports: [] }] : [] } };
    const snapshot = anAimed({ traffic: [{}], tasks: "v0", targets: "", revisions: { v0: { content: older } } });
    const [task] = snapshot.tasks;
    expect(task && stageOf(task, snapshot)).toBe("available");
  });
});
