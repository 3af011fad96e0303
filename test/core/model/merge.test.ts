import { assert, constantFrom, integer, property, record, shuffledSubarray, uniqueArray } from "fast-check";
import { describe, expect, test } from "vitest";
import { mergeNode, mergeTask, recordNode, recordTask } from "../../../core/model/merge.ts";
import type { NodeRecord, TaskRecord } from "../../../core/model/records.ts";
import type { SeenTask, TaskSighting } from "../../../core/model/sightings.ts";
import { createdAtMs, missing, otherNode, seen, seenNode, stored, swapped } from "../../support/sightings.ts";

const aRecord = stored(recordTask(seen({ health: "HEALTHY" })));

/** What merging one sighting changes of the usual record: version 3, running, HEALTHY since 10 s. */
function change(sighting: TaskSighting, given: Partial<TaskRecord> = {}) {
  return mergeTask({ ...aRecord, ...given }, sighting);
}

function at(seconds: number): number {
  return createdAtMs + seconds * 1000;
}

describe("a first sighting is recorded", () => {
  test("with token and set apart, and nothing that was not shown", () => {
    expect(recordTask(seen({ health: "HEALTHY" }))).toEqual({
      taskId: "t1",
      token: "ABCDEFGHIJKLMNOP",
      setId: "main",
      taskDefinition: "td/v1",
      ecsVersion: 3,
      status: "RUNNING",
      desiredStatus: "RUNNING",
      createdAtMs,
      health: "HEALTHY",
      healthAtMs: at(10),
    });
  });

  test("with all that was shown", () => {
    const shown = {
      nodeId: otherNode,
      zone: "a",
      startedAtMs: at(1),
      stoppedAtMs: at(2),
      stopCode: "UserInitiated",
      stoppedReason: "x".repeat(410),
      exitCode: 0,
      address: "10.0.0.1",
      hostPorts: { "app:80": 32_768 },
    } as const;
    expect(recordTask(seen(shown))).toMatchObject({ ...shown, stoppedReason: "x".repeat(400) });
  });

  test.for([
    { name: "ECS's own time", given: { stoppedAtMs: at(5) }, stoppedAtMs: at(5) },
    { name: "that of the read where ECS gives none", given: {}, stoppedAtMs: at(10) },
  ])("stopped at $name", ({ given, stoppedAtMs }) => {
    expect(recordTask(seen({ status: "STOPPED", ...given }))).toMatchObject({ stoppedAtMs });
  });

  test("an event, which carries no health, outdates no reading of it", () => {
    const record = stored(recordTask(seen()));
    expect(record).toMatchObject({ health: "UNKNOWN", healthAtMs: 0 });
    expect(mergeTask(record, seen({ health: "HEALTHY", readAtMs: at(9) }))).toMatchObject({ health: "HEALTHY" });
  });
});

describe("a version wins", () => {
  test.for([
    { name: "a higher one", ecsVersion: 4, status: "STOPPING" },
    { name: "not the same", ecsVersion: 3, status: undefined },
    { name: "not a lower one", ecsVersion: 2, status: undefined },
  ])("$name", ({ ecsVersion, status }) => {
    expect(change(seen({ ecsVersion, status: "STOPPING" }))?.status).toBe(status);
  });

  test("what a higher one does not show is kept", () => {
    const record = { ...aRecord, address: "10.0.0.1" };
    expect(swapped(record, mergeTask(record, seen({ ecsVersion: 4 })))).toMatchObject({ address: "10.0.0.1" });
  });

  test("a lower one brings no health either", () => {
    expect(change(seen({ ecsVersion: 2, health: "UNHEALTHY", readAtMs: at(99) }))).toBeUndefined();
  });

  test("STOPPED is final", () => {
    expect(change(seen({ ecsVersion: 9 }), { status: "STOPPED" })).toBeUndefined();
    expect(change(missing(at(9999)), { status: "STOPPED" })).toBeUndefined();
  });
});

describe("health", () => {
  test.for([
    {
      name: "by a later read",
      health: "UNHEALTHY" as const,
      readAtMs: at(11),
      after: { health: "UNHEALTHY", healthAtMs: at(11) },
    },
    { name: "not by a read of the same moment", health: "UNHEALTHY" as const, readAtMs: at(10), after: undefined },
    { name: "not by an earlier read", health: "UNHEALTHY" as const, readAtMs: at(9), after: undefined },
    { name: "not written when it is the same", health: "HEALTHY" as const, readAtMs: at(11), after: undefined },
    { name: "not by an event, which has none", health: undefined, readAtMs: at(11), after: undefined },
  ])("changes $name", ({ health, readAtMs, after }) => {
    expect(change(seen({ ...(health && { health }), readAtMs }))).toEqual(after);
  });

  test("comes with a version that is higher", () => {
    const changes = change(seen({ ecsVersion: 4, health: "UNHEALTHY", readAtMs: at(11) }));
    expect(changes).toMatchObject({ ecsVersion: 4, health: "UNHEALTHY" });
  });

  test("stays when a higher version was read before it", () => {
    const changes = change(seen({ ecsVersion: 4, zone: "b", health: "UNHEALTHY", readAtMs: at(9) }));
    expect(changes).not.toHaveProperty("health");
  });
});

describe("what is not kept", () => {
  test.for<{ name: string; record: Partial<SeenTask>; sighting: Partial<SeenTask>; after: object | undefined }>([
    { name: "a version alone is not written", record: {}, sighting: {}, after: undefined },
    {
      name: "nor are steps on the way to RUNNING",
      record: { status: "PROVISIONING" },
      sighting: { status: "ACTIVATING" },
      after: undefined,
    },
    {
      name: "but what comes with them is",
      record: { status: "PENDING" },
      sighting: { status: "ACTIVATING", zone: "b" },
      after: { status: "PENDING", zone: "b", ecsVersion: 4 },
    },
    {
      name: "RUNNING is",
      record: { status: "ACTIVATING" },
      sighting: { status: "RUNNING" },
      after: { status: "RUNNING", ecsVersion: 4 },
    },
    {
      name: "so is that it is told to stop",
      record: {},
      sighting: { desiredStatus: "STOPPED" },
      after: { desiredStatus: "STOPPED", ecsVersion: 4 },
    },
    {
      name: "and that it does",
      record: {},
      sighting: { status: "DEACTIVATING" },
      after: { status: "STOPPING", ecsVersion: 4 },
    },
    {
      name: "steps on the way to STOPPED are not",
      record: { status: "DEACTIVATING" },
      sighting: { status: "DEPROVISIONING" },
      after: undefined,
    },
  ])("$name", ({ record, sighting, after }) => {
    const changes = mergeTask(stored(recordTask(seen(record))) as TaskRecord, seen({ ecsVersion: 4, ...sighting }));
    if (after === undefined) expect(changes).toBeUndefined();
    else expect(changes).toMatchObject(after);
  });
});

describe("missing", () => {
  test.for([
    { name: "within five minutes proves nothing", readAtMs: at(300), before: undefined, after: undefined },
    { name: "later is noted", readAtMs: at(300) + 1, before: undefined, after: { missingAtMs: at(300) + 1 } },
    {
      name: "again within a minute, whosever clock is ahead, proves nothing",
      readAtMs: at(520) - 1,
      before: at(400),
      after: undefined,
    },
    { name: "by an earlier read proves nothing", readAtMs: at(340), before: at(400), after: undefined },
    {
      name: "again a minute later: it is gone",
      readAtMs: at(520),
      before: at(400),
      after: {
        status: "STOPPED",
        desiredStatus: "STOPPED",
        stoppedAtMs: at(520),
        stoppedReason: "ECS no longer knows it",
      },
    },
  ])("$name", ({ readAtMs, before, after }) => {
    expect(change(missing(readAtMs), before === undefined ? {} : { missingAtMs: before })).toEqual(after);
  });

  test.for([
    { name: "a later one: it was there after all", readAtMs: at(401), found: true },
    { name: "not one of the same moment", readAtMs: at(400), found: false },
    { name: "not an earlier one", readAtMs: at(399), found: false },
  ])("taken back by a sighting: $name", ({ readAtMs, found }) => {
    const changes = change(seen({ readAtMs }), { missingAtMs: at(400) });
    expect(changes).toEqual(found ? { missingAtMs: undefined } : undefined);
  });

  test("nothing to take back, nothing to write", () => {
    expect(change(seen({ readAtMs: at(401) }))).toBeUndefined();
  });
});

describe("in any order, and however often", () => {
  /** What ECS shows of one task at each version: what was once shown stays. */
  const history: readonly Partial<SeenTask>[] = [
    { status: "PROVISIONING" },
    { status: "PENDING", nodeId: otherNode, zone: "a" },
    { status: "RUNNING", startedAtMs: at(5), address: "10.0.0.1" },
    { status: "DEACTIVATING", desiredStatus: "STOPPED", stopCode: "UserInitiated" },
    { status: "STOPPED", desiredStatus: "STOPPED", stoppedAtMs: at(20), exitCode: 143 },
  ];
  const shown = history.map((_, version) => Object.assign({}, ...history.slice(0, version + 1)) as Partial<SeenTask>);
  const versions = uniqueArray(integer({ min: 0, max: 4 }), { minLength: 1 }).chain((wanted) =>
    shuffledSubarray([...wanted, ...wanted, ...wanted], { minLength: 3 * wanted.length }),
  );

  function merged(sightings: readonly TaskSighting[]): TaskRecord {
    const [first, ...others] = sightings;
    if (first?.kind !== "seen") throw new Error("the first sighting must show the task");
    return others.reduce((task, sighting) => swapped(task, mergeTask(task, sighting)), stored(recordTask(first)));
  }

  test("what follows ECS's version ends the same", () => {
    assert(
      property(versions, (order) => {
        const sightings = order.map((version) => seen({ ecsVersion: version, ...shown[version] }));
        expect(merged(sightings)).toEqual(merged(sightings.toSorted((a, b) => a.ecsVersion - b.ecsVersion)));
      }),
    );
  });

  test("one read after all the others settles health and missing", () => {
    const readings = uniqueArray(
      record({
        readAtMs: integer({ min: at(301), max: at(350) }),
        health: constantFrom("HEALTHY" as const, "UNHEALTHY" as const, "UNKNOWN" as const, undefined),
      }),
    );
    assert(
      property(readings, constantFrom("HEALTHY" as const, "UNHEALTHY" as const), (before, health) => {
        const sightings = before.map(
          (each): TaskSighting => (each.health ? seen({ ...each, health: each.health }) : missing(each.readAtMs)),
        );
        const last = seen({ readAtMs: at(360), health });
        const after = merged([seen(), ...sightings, last]);
        expect(after).toMatchObject({ status: "RUNNING", health });
        expect(after.missingAtMs).toBeUndefined();
      }),
    );
  });

  test("the same sighting again is nothing new", () => {
    assert(
      property(versions, (order) => {
        const sightings = order.map((version) => seen({ ecsVersion: version, health: "HEALTHY", ...shown[version] }));
        const record = merged(sightings);
        for (const sighting of sightings) expect(mergeTask(record, sighting)).toBeUndefined();
      }),
    );
  });
});

describe("a node", () => {
  const node: NodeRecord = stored(recordNode(seenNode({ attributes: { b: "1", a: "2" } })));
  const same = { attributes: { a: "2", b: "1" } };

  test("is recorded as it was seen, and since when it is away or gone", () => {
    expect(recordNode(seenNode())).toEqual({
      nodeId: "n1",
      ecsVersion: 1,
      ec2InstanceId: "i-1",
      status: "ACTIVE",
      agentConnected: true,
      zone: "a",
      attributes: { "ecs.os-type": "linux" },
      registered: { cpuUnits: 2048, memoryMib: 4096 },
    });
    expect(recordNode(seenNode({ agentConnected: false }))).toMatchObject({ disconnectedAtMs: createdAtMs });
    expect(recordNode(seenNode({ status: "INACTIVE" }))).toMatchObject({ inactiveAtMs: createdAtMs });
  });

  test.for([
    {
      name: "a higher version with nothing new, whatever the order of attributes",
      given: { ecsVersion: 2 },
      is: false,
    },
    { name: "the same version", given: { ecsVersion: 1, status: "DRAINING" as const }, is: false },
    { name: "a lower version", given: { ecsVersion: 0, status: "DRAINING" as const }, is: false },
    { name: "another status", given: { ecsVersion: 2, status: "DRAINING" as const }, is: true },
    { name: "another zone", given: { ecsVersion: 2, zone: "b" }, is: true },
    { name: "an agent that left", given: { ecsVersion: 2, agentConnected: false }, is: true },
    { name: "other attributes", given: { ecsVersion: 2, attributes: { a: "2" } }, is: true },
    { name: "other resources", given: { ecsVersion: 2, registered: { cpuUnits: 1, memoryMib: 4096 } }, is: true },
  ])("$name: written $is", ({ given, is }) => {
    expect(mergeNode(node, seenNode({ ...same, ...given })) !== undefined).toBe(is);
  });

  test.for([
    { name: "one describe that does not show it proves nothing", missed: [0], ends: "ACTIVE since 0" },
    { name: "nor do two within five minutes", missed: [0, 299_999], ends: "ACTIVE since 0" },
    { name: "two that are five minutes apart do", missed: [0, 300_000], ends: "INACTIVE since 0" },
    { name: "in between it was seen", missed: [0, 300_000], seenAt: 1_000, ends: "ACTIVE since 300000" },
    { name: "it was seen before, told late", missed: [1_000], seenAt: 999, ends: "ACTIVE since 1000" },
    { name: "it was seen after", missed: [1_000], seenAt: 1_001, ends: "ACTIVE" },
  ])("missing: $name", ({ missed, seenAt, ends }) => {
    const look = (record: typeof node, readAtMs: number, more = {}) =>
      swapped(record, mergeNode(record, seenNode({ readAtMs: createdAtMs + readAtMs, ...more })));
    const [first = 0, ...rest] = missed;
    const once = look(node, first, { missing: true });
    const back = seenAt === undefined ? once : look(once, seenAt);
    const last = rest.reduce((record, at) => look(record, at, { missing: true }), back);
    const since = last.missingAtMs === undefined ? "" : ` since ${last.missingAtMs - createdAtMs}`;
    expect(`${last.status}${since}`).toBe(ends);
    expect(last.inactiveAtMs !== undefined && !last.agentConnected).toBe(ends.startsWith("INACTIVE"));
  });

  test("INACTIVE is final", () => {
    expect(mergeNode({ ...node, status: "INACTIVE" }, seenNode({ ecsVersion: 9 }))).toBeUndefined();
  });

  test("is away since it was first seen so, until it is back", () => {
    const away = swapped(node, mergeNode(node, seenNode({ ecsVersion: 2, agentConnected: false, readAtMs: at(1) })));
    expect(away).toMatchObject({ ecsVersion: 2, disconnectedAtMs: at(1) });
    const later = swapped(
      away,
      mergeNode(away, seenNode({ ecsVersion: 3, agentConnected: false, zone: "b", readAtMs: at(9) })),
    );
    expect(later).toMatchObject({ zone: "b", disconnectedAtMs: at(1) });
    const back = swapped(later, mergeNode(later, seenNode({ ecsVersion: 4, readAtMs: at(10) })));
    expect(back).toMatchObject({ ecsVersion: 4, agentConnected: true });
    expect(back.disconnectedAtMs).toBeUndefined();
  });

  test("a record of one that was away since nobody knows when counts from now", () => {
    const { disconnectedAtMs: _, ...away } = { ...node, agentConnected: false, disconnectedAtMs: 0 };
    const seenAway = seenNode({ ecsVersion: 2, agentConnected: false, zone: "b", readAtMs: at(9) });
    expect(mergeNode(away, seenAway)).toMatchObject({ disconnectedAtMs: at(9) });
  });

  test.for([
    { name: "once: noted, and nothing more", before: undefined, seconds: 1, after: { missingAtMs: at(1) } },
    { name: "again within five minutes", before: at(1), seconds: 300, after: undefined },
    {
      name: "again after five minutes: it is gone",
      before: at(1),
      seconds: 301,
      after: { status: "INACTIVE", agentConnected: false, inactiveAtMs: at(301) },
    },
  ])("that a describe does not show, $name", ({ before, seconds, after }) => {
    const record = before === undefined ? node : { ...node, missingAtMs: before };
    expect(mergeNode(record, seenNode({ missing: true, readAtMs: at(seconds) }))).toEqual(after);
  });

  test.for([
    { name: "a later read", readAtMs: at(2), isBack: true },
    { name: "not one of the same moment", readAtMs: at(1), isBack: false },
    { name: "not an earlier one", readAtMs: at(0), isBack: false },
  ])("that was missed is back by $name", ({ readAtMs, isBack }) => {
    const changes = mergeNode({ ...node, missingAtMs: at(1) }, seenNode({ ...same, readAtMs }));
    expect(changes).toEqual(isBack ? { missingAtMs: undefined } : undefined);
    const renewed = seenNode({ ...same, ecsVersion: 2, zone: "b", readAtMs });
    expect(mergeNode({ ...node, missingAtMs: at(1) }, renewed)).toMatchObject({ zone: "b" });
  });

  test("sightings that each show something else end the same in any order", () => {
    const orders = shuffledSubarray([1, 2, 3, 4, 1, 2, 3, 4], { minLength: 8 });
    assert(
      property(orders, (order) => {
        const first = stored(recordNode(seenNode({ ecsVersion: 0 })));
        const after = order.reduce<NodeRecord>(
          (record, version) =>
            swapped(record, mergeNode(record, seenNode({ ecsVersion: version, zone: `z${version}` }))),
          first,
        );
        expect(after).toMatchObject({ ecsVersion: 4, zone: "z4" });
      }),
    );
  });
});
