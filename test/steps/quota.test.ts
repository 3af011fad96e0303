import { describe, expect, test } from "vitest";
import { keys } from "../../core/model/names.ts";
import type { Held, UsageRecord } from "../../core/model/records.ts";
import type { Snapshot } from "../../core/reconcile/snapshot.ts";
import { writeEntry } from "../../steps/quota.ts";
import { key } from "../support/service.ts";
import { aSnapshot } from "../support/snapshot.ts";
import { aStage, between, type Stage } from "../support/stage.ts";

const place = keys.usage("shop");

function holding(tasks: number): Held {
  return { tasks, cpuUnits: tasks * 256, memoryMib: tasks * 512 };
}

/** Entries as `{ web: "tasks@stamp" }`. */
async function entriesOf({ store }: Stage): Promise<Readonly<Record<string, string>>> {
  const usage = await store.get<UsageRecord>(place);
  return Object.fromEntries(
    Object.entries(usage?.entries ?? {}).map(([name, { tasks, stamp }]) => [
      name.replace("shop/", ""),
      `${tasks}@${stamp}`,
    ]),
  );
}

async function holdingBefore(stage: Stage, entries: Readonly<Record<string, readonly [tasks: number, stamp: number]>>) {
  const held = Object.entries(entries).map(([name, [tasks, stamp]]) => [
    `shop/${name}`,
    { ...holding(tasks), stamp, uid: "u0" },
  ]);
  await stage.store.create<UsageRecord>({
    ...place,
    schema: 1,
    uid: "namespace#shop",
    entries: Object.fromEntries(held),
  });
}

/** A pass over a service whose state has version 5; ten tasks are the quota. */
const pass: Snapshot = aSnapshot({ quota: 10 });

describe("an entry", () => {
  type Entries = Readonly<Record<string, readonly [number, number]>>;
  test.for<{ name: string; before: Entries; tasks: number; ahead: 0 | 1; is: boolean; after: object }>([
    {
      name: "is raised with the stamp of the state to come",
      before: { api: [1, 9] },
      tasks: 3,
      ahead: 1,
      is: true,
      after: { api: "1@9", web: "3@6" },
    },
    {
      name: "is lowered with the stamp of the state on record",
      before: { web: [3, 4] },
      tasks: 2,
      ahead: 0,
      is: true,
      after: { web: "2@5" },
    },
    {
      name: "replaces one of an earlier state",
      before: { web: [1, 5] },
      tasks: 3,
      ahead: 1,
      is: true,
      after: { web: "3@6" },
    },
    {
      name: "replaces one of the same state: an answer that was lost",
      before: { web: [1, 6] },
      tasks: 3,
      ahead: 1,
      is: true,
      after: { web: "3@6" },
    },
    {
      name: "does not replace one of a later state",
      before: { web: [1, 7] },
      tasks: 3,
      ahead: 1,
      is: false,
      after: { web: "1@7" },
    },
    {
      name: "is not lowered by a pass that read an older state",
      before: { web: [4, 6] },
      tasks: 2,
      ahead: 0,
      is: false,
      after: { web: "4@6" },
    },
    {
      name: "may fill the quota",
      before: { api: [7, 1] },
      tasks: 3,
      ahead: 1,
      is: true,
      after: { api: "7@1", web: "3@6" },
    },
    {
      name: "is not raised beyond the quota",
      before: { api: [7, 1] },
      tasks: 4,
      ahead: 1,
      is: false,
      after: { api: "7@1" },
    },
    {
      name: "is not raised beyond the quota by a single task",
      before: { api: [10, 1] },
      tasks: 1,
      ahead: 1,
      is: false,
      after: { api: "10@1" },
    },
    {
      name: "is not raised further beyond a quota that was cut",
      before: { api: [9, 1], web: [3, 1] },
      tasks: 4,
      ahead: 1,
      is: false,
      after: { api: "9@1", web: "3@1" },
    },
    {
      name: "may change beyond a quota that was cut, while its tasks are no more",
      before: { api: [9, 1], web: [3, 1] },
      tasks: 3,
      ahead: 1,
      is: true,
      after: { api: "9@1", web: "3@6" },
    },
    {
      name: "is lowered whatever the others hold",
      before: { api: [20, 1], web: [3, 1] },
      tasks: 2,
      ahead: 0,
      is: true,
      after: { api: "20@1", web: "2@5" },
    },
    {
      name: "of nothing is removed",
      before: { api: [1, 1], web: [3, 1] },
      tasks: 0,
      ahead: 0,
      is: true,
      after: { api: "1@1" },
    },
  ])("$name", async ({ before, tasks, ahead, is, after }) => {
    const stage = aStage();
    await holdingBefore(stage, before);
    expect(await writeEntry(stage.ports, pass, holding(tasks), ahead)).toBe(is);
    expect(await entriesOf(stage)).toEqual(after);
  });

  test("is the first of its namespace", async () => {
    const stage = aStage();
    expect(await writeEntry(stage.ports, pass, holding(3), 1)).toBe(true);
    const usage = await stage.store.get<UsageRecord>(place);
    expect(usage?.entries).toEqual({ [key]: { ...holding(3), stamp: 6, uid: "u1" } });
  });

  test("of a service that has no state yet is that of its first", async () => {
    const stage = aStage();
    expect(await writeEntry(stage.ports, aSnapshot({ plan: "none" }), holding(3), 1)).toBe(true);
    expect(await entriesOf(stage)).toEqual({ web: "3@1" });
  });
});

describe("two services at once", () => {
  test.for<{ name: string; method: "create" | "swap"; others: number; is: boolean; after: object }>([
    {
      name: "both get theirs, the first of their namespace",
      method: "create",
      others: 7,
      is: true,
      after: { api: "7@1", web: "3@6" },
    },
    { name: "both get theirs", method: "swap", others: 7, is: true, after: { api: "7@1", web: "3@6" } },
    {
      name: "never both what is there for one, the first of their namespace",
      method: "create",
      others: 8,
      is: false,
      after: { api: "8@1" },
    },
    { name: "never both what is there for one", method: "swap", others: 8, is: false, after: { api: "8@1" } },
  ])("$name", async ({ method, others, is, after }) => {
    const stage = aStage();
    if (method === "swap") await holdingBefore(stage, {});
    const store = between(stage.store, method, async () => {
      const usage = await stage.store.get<UsageRecord>(place);
      const entries = { "shop/api": { ...holding(others), stamp: 1, uid: "u2" } };
      await (usage ? stage.store.swap(usage, { entries }) : holdingBefore(stage, { api: [others, 1] }));
    });
    expect(await writeEntry({ ...stage.ports, store }, pass, holding(3), 1)).toBe(is);
    expect(await entriesOf(stage)).toEqual(after);
  });

  test("who never gets to write looks again", async () => {
    const stage = aStage();
    await holdingBefore(stage, { api: [1, 1] });
    const store = { ...stage.store, swap: async () => undefined };
    expect(await writeEntry({ ...stage.ports, store }, pass, holding(3), 1)).toBe(false);
    expect(await entriesOf(stage)).toEqual({ api: "1@1" });
  });
});
