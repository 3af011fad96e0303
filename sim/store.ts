import { invariant } from "../core/model/fault.ts";
import type { Item } from "../core/model/records.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { Changes, IndexName, IndexRow, ItemKey, NewItem, Store, Take } from "../core/ports/store.ts";
import { frozenCopy } from "./frozen-copy.ts";

/** The store in memory, with a view of everything for those who check invariants. */
export interface MemoryStore extends Store {
  /** Every item that is not expired, by partition and sort key; budgets too, which have neither uid nor version. */
  all(): readonly Item[];
  /** Those of one partition, by sort key. */
  itemsOf(partition: string): readonly Item[];
}

/** What `take` and `halve` keep: an item like any other, but for what every other item carries. */
interface Budget extends ItemKey {
  readonly windowMs?: number;
  readonly used?: number;
  readonly halvedUntilMs?: number;
}

const indexKeys = {
  byKind: ["kindShard", "kindRow"],
  waiting: ["waitShard", "waitRow"],
} as const;

/** Most that a budget's stored window may lie ahead of a caller's before it is taken for that of a wrong clock. */
const maxAheadMs = 60_000;

/** Items by sort key; `inOrder`: these keys in order, until another is added or one is removed. */
interface Partition {
  readonly items: Map<string, Item>;
  inOrder: readonly string[] | undefined;
}

/** An empty table. What it is given it copies, what it returns nobody can change. */
export function memoryStore(clock: Clock): MemoryStore {
  const partitions = new Map<string, Partition>();

  const find = ({ partition, sort }: ItemKey): Item | undefined => {
    const item = partitions.get(partition)?.items.get(sort);
    return item && isPresent(item, clock.nowMs()) ? item : undefined;
  };
  const put = <R extends ItemKey>(item: R): R => {
    const stored = checked(frozenCopy(item));
    const partition: Partition = partitions.get(stored.partition) ?? { items: new Map(), inOrder: undefined };
    if (!partition.items.has(stored.sort)) partition.inOrder = undefined;
    partition.items.set(stored.sort, stored as unknown as Item);
    partitions.set(stored.partition, partition);
    return stored;
  };
  const isStill = (before: Item): boolean => {
    const item = find(before);
    return item !== undefined && item.uid === before.uid && item.version === before.version;
  };
  const itemsOf = (partition: string): readonly Item[] =>
    inOrder(partitions.get(partition)).flatMap((sort) => find({ partition, sort }) ?? []);
  const all = () => [...partitions.keys()].sort().flatMap(itemsOf);
  const unordered = () => [...partitions.values()].flatMap(({ items }) => [...items.values()]);

  return {
    all,
    itemsOf,
    get: async <R extends Item>(key: ItemKey) => find(key) as R | undefined,
    query: async <R extends Item>(partition: string, prefix = "") =>
      itemsOf(partition).filter((item) => item.sort.startsWith(prefix)) as readonly Item[] as readonly R[],
    create: async <R extends Item>(item: NewItem<R>) =>
      find(item as ItemKey) ? undefined : (put({ ...(item as ItemKey), version: 1 }) as unknown as R),
    swap: async <R extends Item>(before: R, changes: Changes<R>) =>
      isStill(before) ? (put(merged(before, changes)) as R) : undefined,
    remove: async (before) => {
      const partition = isStill(before) ? partitions.get(before.partition) : undefined;
      if (partition === undefined) return false;
      partition.inOrder = undefined;
      return partition.items.delete(before.sort);
    },
    take: async (take) => {
      const budget = taken((find(take) ?? keyOf(take)) as Budget, take);
      if (budget) put(budget);
      return budget !== undefined;
    },
    halve: async (key, untilMs) => {
      const budget = (find(key) ?? keyOf(key)) as Budget;
      put({ ...budget, halvedUntilMs: Math.max(budget.halvedUntilMs ?? 0, untilMs) });
    },
    list: async (index, shard) => rowsOf(unordered(), index, shard, clock.nowMs()),
  };
}

/** The sort keys of a partition as a query shows them. */
function inOrder(partition: Partition | undefined): readonly string[] {
  if (partition === undefined) return [];
  partition.inOrder ??= [...partition.items.keys()].sort(byText((sort) => sort));
  return partition.inOrder;
}

function keyOf({ partition, sort }: ItemKey): ItemKey {
  return { partition, sort };
}

function merged<R extends Item>(before: R, changes: Changes<R>): Item {
  return { ...before, ...changes, ...keyOf(before), version: before.version + 1 };
}

function isPresent(item: Item, nowMs: number): boolean {
  return item.expiresAt === undefined || item.expiresAt * 1000 > nowMs;
}

function checked<R extends ItemKey>(item: R): R {
  const keys: Partial<Item> = item;
  for (const name of ["partition", "sort", ...Object.values(indexKeys).flat()] as const)
    invariant(keys[name] !== "", `${name} must not be empty, in item ${item.partition} ${item.sort}`);
  return item;
}

/** The budget once that is taken; undefined: no room. */
function taken(budget: Budget, { amount, room, windowMs, nowMs }: Take): Budget | undefined {
  const { windowMs: stored, used = 0, halvedUntilMs = 0 } = budget;
  const isNew = stored === undefined || stored < windowMs || stored > windowMs + maxAheadMs;
  if (!isNew && stored !== windowMs) return undefined;
  const usedThen = (isNew ? 0 : used) + amount;
  const roomNow = halvedUntilMs > nowMs ? Math.floor(room / 2) : room;
  return usedThen <= roomNow ? { ...budget, windowMs, used: usedThen } : undefined;
}

function rowsOf(items: readonly Item[], index: IndexName, shard: string, nowMs: number): readonly IndexRow[] {
  const [shardKey, rowKey] = indexKeys[index];
  return items
    .filter((item) => item[shardKey] === shard && isPresent(item, nowMs))
    .flatMap((item) => {
      const row = item[rowKey];
      return row === undefined ? [] : [{ ...keyOf(item), row }];
    })
    .sort(byText((row) => row.row));
}

/** Orders by a text as a table orders ASCII. */
function byText<T>(text: (value: T) => string): (left: T, right: T) => number {
  return (left, right) => (text(left) < text(right) ? -1 : text(left) > text(right) ? 1 : 0);
}
