import { beforeAll, describe, expect, test } from "vitest";
import type { Item } from "../../core/model/records.ts";
import type { ItemKey, NewItem, Store, Take } from "../../core/ports/store.ts";
import type { VirtualClock } from "../../sim/clock.ts";

/** A record as a writer of a later Longshore might have it: `extra` is unknown to this one. */
interface Note extends Item {
  readonly text?: string;
  readonly extra?: unknown;
}

/** A store to be held to its contract; `clock` is the one that it reads. */
export interface StoreUnderTest {
  readonly store: Store;
  readonly clock: VirtualClock;
}

let partitions = 0;

/** What every store does, whatever it is made of. Each test has a partition of its own, so one table serves them all. */
export function storeContract(name: string, makeStore: () => Promise<StoreUnderTest>): void {
  describe(`${name} keeps the contract of a store`, () => {
    let store: Store;
    let clock: VirtualClock;
    beforeAll(async () => {
      ({ store, clock } = await makeStore());
    });
    const underTest = () => ({ store, clock, partition: `test#${++partitions}` });

    itemContract(underTest);
    expiryContract(underTest);
    budgetContract(underTest);
    indexContract(underTest);
  });
}

type UnderTest = () => StoreUnderTest & { readonly partition: string };

function aNote(key: ItemKey, fields: Partial<Note> = {}): NewItem<Note> {
  return { ...key, schema: 1, uid: "life-1", ...fields };
}

/** Creates an item that must not be there yet. */
async function created(store: Store, item: NewItem<Note>): Promise<Note> {
  const note = await store.create<Note>(item);
  if (!note) throw new Error(`there already is ${item.partition} ${item.sort}`);
  return note;
}

function itemContract(underTest: UnderTest): void {
  test("what was never written is absent", async () => {
    const { store, partition } = underTest();
    expect(await store.get({ partition, sort: "spec" })).toBeUndefined();
    expect(await store.query(partition)).toEqual([]);
  });

  test("a new item has version 1 and reads back whole", async () => {
    const { store, partition } = underTest();
    const extra = { list: [1, 2.5, -3, "", "text", true, null], map: { deep: { er: [] } }, empty: {} };
    const item = aNote({ partition, sort: "spec" }, { text: "", extra });
    expect(await store.create<Note>(item)).toEqual({ ...item, version: 1 });
    expect(await store.get({ partition, sort: "spec" })).toEqual({ ...item, version: 1 });
  });

  test("undefined is not kept, however deep", async () => {
    const { store, partition } = underTest();
    const extra = { kept: 1, dropped: undefined };
    await store.create({
      ...aNote({ partition, sort: "spec" }, { extra }),
      text: undefined,
    } as unknown as NewItem<Note>);
    const note = await store.get<Note>({ partition, sort: "spec" });
    expect(note && Object.keys(note).sort()).toEqual(["extra", "partition", "schema", "sort", "uid", "version"]);
    expect(note && Object.keys(note.extra as object)).toEqual(["kept"]);
  });

  test("a second create is refused and changes nothing", async () => {
    const { store, partition } = underTest();
    await store.create(aNote({ partition, sort: "spec" }, { text: "first" }));
    expect(await store.create(aNote({ partition, sort: "spec" }, { text: "second" }))).toBeUndefined();
    expect(await store.get({ partition, sort: "spec" })).toMatchObject({ text: "first", version: 1 });
  });

  test("of many creates at once one succeeds", async () => {
    const { store, partition } = underTest();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => store.create(aNote({ partition, sort: "spec" }, { text: `${index}` }))),
    );
    expect(answers.filter((answer) => answer !== undefined)).toHaveLength(1);
  });

  test("a swap sets, removes and keeps fields, unknown ones too, and counts the version", async () => {
    const { store, partition } = underTest();
    const before = await created(store, aNote({ partition, sort: "spec" }, { text: "old", extra: { a: 1 } }));
    const changed = await store.swap(before, { text: "new" });
    expect(changed).toEqual({ ...before, text: "new", version: 2 });
    const removed = changed && (await store.swap(changed, { text: undefined }));
    expect(removed && "text" in removed).toBe(false);
    expect(await store.get({ partition, sort: "spec" })).toEqual(removed);
    expect(removed).toMatchObject({ extra: { a: 1 }, version: 3 });
  });

  test("a swap may begin another life of the item", async () => {
    const { store, partition } = underTest();
    const before = await created(store, aNote({ partition, sort: "state" }));
    expect(await store.swap(before, { uid: "life-2" })).toMatchObject({ uid: "life-2", version: 2 });
    expect(await store.swap({ ...before, version: 2 }, { text: "zombie" })).toBeUndefined();
  });

  test.for([
    { name: "another version", other: { version: 2 } },
    { name: "another life", other: { uid: "life-2" } },
    { name: "another place", other: { sort: "elsewhere" } },
  ])("a swap and a remove with $name are refused and change nothing", async ({ other }) => {
    const { store, partition } = underTest();
    const before = await created(store, aNote({ partition, sort: "spec" }, { text: "old" }));
    expect(await store.swap({ ...before, ...other }, { text: "new" })).toBeUndefined();
    expect(await store.remove({ ...before, ...other })).toBe(false);
    expect(await store.query(partition)).toEqual([before]);
  });

  test("of many swaps of one version one succeeds", async () => {
    const { store, partition } = underTest();
    const before = await created(store, aNote({ partition, sort: "spec" }));
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => store.swap(before, { text: `${index}` })),
    );
    const winners = answers.filter((answer) => answer !== undefined);
    expect(winners).toHaveLength(1);
    expect(await store.get({ partition, sort: "spec" })).toEqual(winners[0]);
  });

  test("what is removed is absent and may be created again", async () => {
    const { store, partition } = underTest();
    const before = await created(store, aNote({ partition, sort: "spec" }));
    expect(await store.remove(before)).toBe(true);
    expect(await store.get({ partition, sort: "spec" })).toBeUndefined();
    expect(await store.remove(before)).toBe(false);
    expect(await store.create(aNote({ partition, sort: "spec" }))).toMatchObject({ version: 1 });
  });

  test("a query has a partition's items with the prefix, in the order of their sort keys", async () => {
    const { store, partition } = underTest();
    for (const sort of ["task#b", "spec", "task#a", "task", "call#2", "call#10", "task#B"])
      await store.create(aNote({ partition, sort }));
    await store.create(aNote({ partition: `${partition}0`, sort: "task#elsewhere" }));
    const sorts = async (prefix?: string) => (await store.query(partition, prefix)).map((item) => item.sort);
    expect(await sorts("task#")).toEqual(["task#B", "task#a", "task#b"]);
    expect(await sorts()).toEqual(["call#10", "call#2", "spec", "task", "task#B", "task#a", "task#b"]);
    expect(await sorts("none")).toEqual([]);
  });

  test("a query follows every page", async () => {
    const { store, partition } = underTest();
    const text = "x".repeat(100_000);
    const sorts = Array.from({ length: 25 }, (_, index) => `task#${String(index).padStart(2, "0")}`);
    await Promise.all(sorts.map((sort) => store.create(aNote({ partition, sort }, { text }))));
    expect((await store.query(partition)).map((item) => item.sort)).toEqual(sorts);
  });

  test.for(["partition", "sort", "kindShard", "kindRow", "waitShard", "waitRow"])(
    "an empty %s is refused",
    async (attribute) => {
      const { store, partition } = underTest();
      const item = aNote({ partition, sort: "spec" }, { kindShard: "a", kindRow: "b", waitShard: "c", waitRow: "d" });
      await expect(store.create({ ...item, [attribute]: "" })).rejects.toThrow(`${attribute} must not be empty`);
    },
  );

  test("nobody shares what was written or read", async () => {
    const { store, partition } = underTest();
    const extra = { list: ["mine"] };
    await store.create(aNote({ partition, sort: "spec" }, { extra }));
    extra.list.push("changed after the write");
    expect(await store.get({ partition, sort: "spec" })).toMatchObject({ extra: { list: ["mine"] } });
  });
}

function expiryContract(underTest: UnderTest): void {
  const inSeconds = (clock: VirtualClock, seconds: number) => Math.floor(clock.nowMs() / 1000) + seconds;

  test("an item is there until it expires, and absent from then on", async () => {
    const { store, clock, partition } = underTest();
    const before = await created(store, aNote({ partition, sort: "spec" }, { expiresAt: inSeconds(clock, 60) }));
    clock.advance(59_999);
    expect(await store.get({ partition, sort: "spec" })).toEqual(before);
    expect(await store.query(partition)).toEqual([before]);
    clock.advance(1);
    expect(await store.get({ partition, sort: "spec" })).toBeUndefined();
    expect(await store.query(partition)).toEqual([]);
    expect(await store.swap(before, { text: "late" })).toBeUndefined();
    expect(await store.remove(before)).toBe(false);
  });

  test("an expired item does not stand in the way of a new one", async () => {
    const { store, clock, partition } = underTest();
    const old = await created(store, aNote({ partition, sort: "spec" }, { expiresAt: inSeconds(clock, 1) }));
    expect(await store.create(aNote({ partition, sort: "spec" }))).toBeUndefined();
    clock.advance(1_000);
    const fresh = await created(store, aNote({ partition, sort: "spec" }, { text: "fresh", uid: "life-2" }));
    expect(fresh).toMatchObject({ version: 1, text: "fresh" });
    expect(await store.swap(old, { text: "zombie" })).toBeUndefined();
  });

  test("a swap may set an expiry and take it back", async () => {
    const { store, clock, partition } = underTest();
    const before = await created(store, aNote({ partition, sort: "spec" }));
    const dying = await store.swap(before, { expiresAt: inSeconds(clock, 10) });
    const saved = dying && (await store.swap(dying, { expiresAt: undefined }));
    clock.advance(20_000);
    expect(await store.get({ partition, sort: "spec" })).toEqual(saved);
  });
}

function budgetContract(underTest: UnderTest): void {
  const minute = 60_000;
  /** Takes from one budget, at the start of a window unless told otherwise. */
  const taker = (underTest: UnderTest) => {
    const { store, partition } = underTest();
    const key = { partition, sort: "budget" };
    const take = (change: Partial<Take> = {}) =>
      store.take({ ...key, amount: 1, room: 10, windowMs: 10 * minute, nowMs: 10 * minute, ...change });
    return { take, halve: (untilMs: number) => store.halve(key, untilMs) };
  };

  test("takes up to the room and not beyond", async () => {
    const { take } = taker(underTest);
    expect(await take({ amount: 6 })).toBe(true);
    expect(await take({ amount: 5 })).toBe(false);
    expect(await take({ amount: 4 })).toBe(true);
    expect(await take()).toBe(false);
  });

  test("more than the room is never there, not even in a new window", async () => {
    const { take } = taker(underTest);
    expect(await take({ amount: 11 })).toBe(false);
    expect(await take({ amount: 10 })).toBe(true);
    expect(await take({ amount: 11, windowMs: 11 * minute })).toBe(false);
  });

  test("takers with less room leave what is above it to others", async () => {
    const { take } = taker(underTest);
    expect(await take({ amount: 5, room: 5 })).toBe(true);
    expect(await take({ room: 5 })).toBe(false);
    expect(await take({ room: 6 })).toBe(true);
  });

  test.for([
    { name: "a later window is empty again", windowMs: 11 * minute, taken: true },
    { name: "a stored window that is ahead by 60 s stands: wait", windowMs: 9 * minute, taken: false },
    { name: "a stored window further ahead is a wrong clock's: overwritten", windowMs: 9 * minute - 1, taken: true },
  ])("$name", async ({ windowMs, taken }) => {
    const { take } = taker(underTest);
    expect(await take({ amount: 4 })).toBe(true);
    expect(await take({ windowMs })).toBe(taken);
    expect(await take({ windowMs, amount: 10 })).toBe(false);
  });

  test("while halved, the room counts half, rounded down", async () => {
    const { take, halve } = taker(underTest);
    await halve(10 * minute + 5_000);
    expect(await take({ amount: 6, room: 11 })).toBe(false);
    expect(await take({ amount: 5, room: 11 })).toBe(true);
    expect(await take({ room: 11, nowMs: 10 * minute + 4_999 })).toBe(false);
    expect(await take({ room: 11, nowMs: 10 * minute + 5_000 })).toBe(true);
  });

  test("a halving outlives the window, and an earlier end does not shorten it", async () => {
    const { take, halve } = taker(underTest);
    expect(await take()).toBe(true);
    await halve(12 * minute);
    await halve(11 * minute);
    const later = { windowMs: 11 * minute, nowMs: 11 * minute };
    expect(await take({ ...later, amount: 6 })).toBe(false);
    expect(await take({ ...later, amount: 5 })).toBe(true);
    expect(await take(later)).toBe(false);
  });

  test("a hundred takers at once use exactly the room, window after window", async () => {
    const { take } = taker(underTest);
    for (const windowMs of [10 * minute, 11 * minute]) {
      const answers = await Promise.all(Array.from({ length: 100 }, () => take({ amount: 3, room: 40, windowMs })));
      expect(answers.filter(Boolean)).toHaveLength(13);
    }
  });
}

function indexContract(underTest: UnderTest): void {
  test.for([
    { index: "byKind", shardKey: "kindShard", rowKey: "kindRow" },
    { index: "waiting", shardKey: "waitShard", rowKey: "waitRow" },
  ] as const)("$index has the rows of a shard in order, and only of items that carry them", async (names) => {
    const { store, partition } = underTest();
    const shard = `${partition}#7`;
    const item = (sort: string, row: string, ofShard = shard) =>
      aNote({ partition, sort }, { [names.shardKey]: ofShard, [names.rowKey]: row });
    await created(store, item("a", "row-2"));
    await created(store, item("b", "row-1"));
    await created(store, item("c", "row-0", `${partition}#8`));
    await created(store, aNote({ partition, sort: "d" }));
    const moving = await created(store, item("e", "row-3"));
    await store.swap(moving, { [names.shardKey]: undefined, [names.rowKey]: undefined });
    expect(await store.list(names.index, shard)).toEqual([
      { partition, sort: "b", row: "row-1" },
      { partition, sort: "a", row: "row-2" },
    ]);
    expect(await store.list(names.index, `${partition}#9`)).toEqual([]);
  });

  test("a list follows every page", async () => {
    const { store, partition } = underTest();
    const rows = Array.from({ length: 30 }, (_, index) => `row-${String(index).padStart(2, "0")}${"x".repeat(900)}`);
    const text = "x".repeat(40_000);
    await Promise.all(
      rows.map((kindRow, index) =>
        store.create(aNote({ partition, sort: `spec-${index}` }, { kindShard: partition, kindRow, text })),
      ),
    );
    expect((await store.list("byKind", partition)).map((row) => row.row)).toEqual(rows);
  });
}
