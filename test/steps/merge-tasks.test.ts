import { describe, expect, test } from "vitest";
import type { Revision, TaskId } from "../../core/model/ids.ts";
import { keys } from "../../core/model/names.ts";
import type { TaskRecord } from "../../core/model/records.ts";
import {
  changeTask,
  describeAndMerge,
  type Identity,
  mergeSighting,
  stoppedKeptSeconds,
} from "../../steps/merge-tasks.ts";
import { key } from "../support/service.ts";
import { createdAtMs, missing, seen } from "../support/sightings.ts";
import { aStage, between, type Stage } from "../support/stage.ts";

const place = keys.task(key, "t1");
const identity: Identity = { call: 3, slot: 2, revision: "v1" as Revision };
const find = ({ store }: Stage) => store.get<TaskRecord>(place);
const stopped = { status: "STOPPED", desiredStatus: "STOPPED", ecsVersion: 9 } as const;

/** A task on record. */
async function recorded(stage: Stage, given: Partial<TaskRecord> = {}): Promise<TaskRecord> {
  await mergeSighting(stage.ports, key, seen());
  const record = await find(stage);
  const changed = record && (await stage.store.swap(record, given));
  if (changed === undefined) throw new Error("it was not recorded");
  return changed;
}

describe("a sighting", () => {
  test("of an unknown task makes its record", async () => {
    const stage = aStage();
    const merged = await mergeSighting(stage.ports, key, seen());
    const record = await find(stage);
    expect(merged).toEqual({ record, changed: true });
    expect(record).toMatchObject({
      uid: "t1",
      taskId: "t1",
      token: "ABCDEFGHIJKLMNOP",
      setId: "main",
      version: 1,
      status: "RUNNING",
    });
    expect(record).not.toHaveProperty("slot");
    expect(record).not.toHaveProperty("expiresAt");
  });

  test("makes it with its place where that is known", async () => {
    const stage = aStage();
    await mergeSighting(stage.ports, key, seen(), identity);
    expect(await find(stage)).toMatchObject(identity);
  });

  test("that missed an unknown task makes none", async () => {
    const stage = aStage();
    expect(await mergeSighting(stage.ports, key, missing(createdAtMs + 900_000), identity)).toBeUndefined();
    expect(await find(stage)).toBeUndefined();
  });

  test("that is newer changes the record", async () => {
    const stage = aStage();
    const before = await recorded(stage);
    const merged = await mergeSighting(stage.ports, key, seen({ ecsVersion: 4, desiredStatus: "STOPPED" }));
    expect(merged).toMatchObject({ changed: true, record: { desiredStatus: "STOPPED", version: before.version + 1 } });
    expect(await find(stage)).toEqual(merged?.record);
  });

  test("that says nothing new is not written", async () => {
    const stage = aStage();
    const before = await recorded(stage);
    expect(await mergeSighting(stage.ports, key, seen())).toEqual({ record: before, changed: false });
    expect(await find(stage)).toEqual(before);
  });

  test("gives a record its place, though it says nothing new", async () => {
    const stage = aStage();
    await recorded(stage);
    expect((await mergeSighting(stage.ports, key, seen(), identity))?.changed).toBe(true);
    expect(await find(stage)).toMatchObject(identity);
  });

  test("gives a stopped task its place as well: its failure counts for its revision", async () => {
    const stage = aStage();
    await mergeSighting(stage.ports, key, seen(stopped));
    await mergeSighting(stage.ports, key, seen(stopped), identity);
    expect(await find(stage)).toMatchObject({ status: "STOPPED", ...identity });
  });

  test("never changes a task's place", async () => {
    const stage = aStage();
    await recorded(stage, identity);
    const other = { call: 4, slot: 0, revision: "v2" as Revision };
    expect((await mergeSighting(stage.ports, key, seen(), other))?.changed).toBe(false);
    await mergeSighting(stage.ports, key, seen({ ecsVersion: 4 }), other);
    expect(await find(stage)).toMatchObject(identity);
  });
});

describe("a task that stopped", () => {
  const expiresAt = (stage: Stage) => stage.clock.nowMs() / 1000 + stoppedKeptSeconds;

  test("is forgotten in the end", async () => {
    const stage = aStage();
    await recorded(stage);
    await mergeSighting(stage.ports, key, seen(stopped));
    expect((await find(stage))?.expiresAt).toBe(expiresAt(stage));
  });

  test("is forgotten in the end, when that is all that was ever seen of it", async () => {
    const stage = aStage();
    await mergeSighting(stage.ports, key, seen(stopped));
    expect((await find(stage))?.expiresAt).toBe(expiresAt(stage));
  });

  test("is forgotten in the end, when ECS no longer knows it", async () => {
    const stage = aStage();
    await recorded(stage);
    await mergeSighting(stage.ports, key, missing(createdAtMs + 300_001));
    await mergeSighting(stage.ports, key, missing(createdAtMs + 420_001));
    expect(await find(stage)).toMatchObject({ status: "STOPPED", expiresAt: expiresAt(stage) });
  });

  test("is kept while it may live", async () => {
    const stage = aStage();
    await recorded(stage);
    await mergeSighting(stage.ports, key, seen({ ecsVersion: 4, desiredStatus: "STOPPED", status: "DEPROVISIONING" }));
    expect(await find(stage)).not.toHaveProperty("expiresAt");
  });
});

describe("a record of a newer Longshore", () => {
  test("is left as it is", async () => {
    const stage = aStage();
    const before = await recorded(stage, { schema: 2 });
    expect(await mergeSighting(stage.ports, key, seen({ ecsVersion: 4 }), identity)).toEqual({
      record: before,
      changed: false,
    });
    expect(await find(stage)).toEqual(before);
  });

  test("keeps what this one does not know, while its schema is ours", async () => {
    const stage = aStage();
    await recorded(stage, { later: "kept" } as Partial<TaskRecord>);
    await mergeSighting(stage.ports, key, seen({ ecsVersion: 4, zone: "b" }));
    expect(await find(stage)).toMatchObject({ later: "kept", ecsVersion: 4 });
  });
});

describe("two at once", () => {
  test("end in the newer of both, a first sighting too", async () => {
    const stage = aStage();
    const store = between(stage.store, "create", () =>
      mergeSighting(stage.ports, key, seen({ ecsVersion: 5, status: "DEACTIVATING" })),
    );
    const merged = await mergeSighting({ ...stage.ports, store }, key, seen(), identity);
    expect(merged).toMatchObject({ changed: true, record: { ecsVersion: 5, status: "STOPPING", ...identity } });
  });

  test("end in the newer of both", async () => {
    const stage = aStage();
    await recorded(stage);
    const store = between(stage.store, "swap", () =>
      mergeSighting(stage.ports, key, seen({ ecsVersion: 5, status: "DEACTIVATING" })),
    );
    const merged = await mergeSighting({ ...stage.ports, store }, key, seen({ ecsVersion: 4, zone: "b" }));
    expect(merged).toMatchObject({ changed: false, record: { ecsVersion: 5, status: "STOPPING" } });
    expect(await find(stage)).toMatchObject({ ecsVersion: 5 });
  });

  test("who never gets to write says so", async () => {
    const stage = aStage();
    await recorded(stage);
    const store = { ...stage.store, swap: async () => undefined };
    expect(await mergeSighting({ ...stage.ports, store }, key, seen({ ecsVersion: 4, zone: "b" }))).toBeUndefined();
  });

  test("a change of our own is not made to a record that moved on", async () => {
    const stage = aStage();
    const record = await recorded(stage);
    await mergeSighting(stage.ports, key, seen({ ecsVersion: 4, zone: "b" }));
    expect(await changeTask(stage.ports, record, { abandonedAtMs: 1 })).toBe(false);
    expect(await find(stage)).not.toHaveProperty("abandonedAtMs");
  });

  test("a change of our own is made, and taken back", async () => {
    const stage = aStage();
    const record = await recorded(stage);
    expect(await changeTask(stage.ports, record, { readySinceMs: 7 })).toBe(true);
    const ready = await find(stage);
    expect(ready?.readySinceMs).toBe(7);
    expect(ready && (await changeTask(stage.ports, ready, { readySinceMs: undefined }))).toBe(true);
    expect(await find(stage)).not.toHaveProperty("readySinceMs");
  });
});

describe("describing tasks", () => {
  test("merges each, and tells which ran within reach", async () => {
    const stage = aStage();
    const sightings = [
      seen(),
      seen({ taskId: "t2" as TaskId, connected: false }),
      seen({ taskId: "t3" as TaskId, connected: true }),
      seen({ taskId: "t4" as TaskId, status: "PENDING" }),
      seen({ taskId: "t5" as TaskId, desiredStatus: "STOPPED" }),
      missing(createdAtMs + 900_000),
    ];
    const asked: (readonly TaskId[])[] = [];
    const tasks = {
      ...stage.tasks,
      describe: async (_: string, ids: readonly TaskId[]) => {
        asked.push(ids);
        return sightings;
      },
    };
    const { merged, seen: ran } = await describeAndMerge({ ...stage.ports, tasks }, key, "main", ["t1" as TaskId]);
    expect([...merged.keys()]).toEqual(["t1", "t2", "t3", "t4", "t5"]);
    expect([...ran]).toEqual(["t1", "t3"]);
    expect(merged.get("t1" as TaskId)).toEqual(await find(stage));
    expect(asked).toEqual([["t1"]]);
  });

  test("of nothing asks nobody", async () => {
    const stage = aStage();
    const tasks = { ...stage.tasks, describe: () => Promise.reject(new Error("asked")) };
    expect(await describeAndMerge({ ...stage.ports, tasks }, key, "main", [])).toEqual({
      merged: new Map(),
      seen: new Set(),
    });
  });
});
