import type { Item } from "../../core/model/records.ts";
import type { Changes, ItemKey, NewItem, Store, Take } from "../../core/ports/store.ts";
import { type Attributes, readUnits, refusedUnits, rowAttributes, writeUnits } from "./item-size.ts";

/** Told of each call of DynamoDB: its name, its units and what kind of item it is about. */
export type TableCall = (
  call: "GetItem" | "Query" | "PutItem" | "UpdateItem" | "DeleteItem",
  units: { readonly read?: number; readonly write?: number; readonly kind: string },
) => void;

/** Which window of each budget was opened last: the adapter finds it open, or opens it after it did not. */
export type OpenWindows = Map<string, number>;

/** The calls that `aws/store.ts` would make, and the units that DynamoDB would count for them. */
export function meteredStore(store: Store, called: TableCall, windows: OpenWindows): Store {
  const put = (item: ItemKey, write: number) => called("PutItem", { write, kind: kindOf(item) });
  return {
    get: async <R extends Item>(key: ItemKey) => {
      const item = await store.get<R>(key);
      called("GetItem", { read: readUnits(item ? [attributes(item)] : [], "consistent"), kind: kindOf(key) });
      return item;
    },
    query: async <R extends Item>(partition: string, prefix?: string) => {
      const items = await store.query<R>(partition, prefix);
      const kind = `${partitionKind(partition)}${prefix ? ` ${prefix}` : ""}`;
      called("Query", { read: readUnits(items.map(attributes), "consistent"), kind });
      return items;
    },
    create: async <R extends Item>(item: NewItem<R>) => {
      const created = await store.create<R>(item);
      const wanted = { ...item, version: 1 };
      put(item as unknown as ItemKey, created ? writeUnits(undefined, wanted) : refusedUnits(wanted, wanted));
      return created;
    },
    swap: async <R extends Item>(before: R, changes: Changes<R>) => {
      const after = await store.swap<R>(before, changes);
      const [was, wanted] = [attributes(before), { ...before, ...changes, version: before.version + 1 }];
      put(before, after ? writeUnits(was, wanted) : refusedUnits(was, wanted));
      return after;
    },
    remove: async (before) => {
      const removed = await store.remove(before);
      const write = removed ? writeUnits(attributes(before), undefined) : refusedUnits(attributes(before), undefined);
      called("DeleteItem", { write, kind: kindOf(before) });
      return removed;
    },
    take: async (take) => {
      const taken = await store.take(take);
      for (let update = 0; update < updatesOf(take, taken, windows); update += 1)
        called("UpdateItem", { write: 1, kind: "budget" });
      return taken;
    },
    halve: async (key, untilMs) => {
      await store.halve(key, untilMs);
      called("UpdateItem", { write: 1, kind: "budget" });
    },
    list: async (index, shard) => {
      const rows = await store.list(index, shard);
      const entries = rows.map((row) => rowAttributes(index, shard, row));
      called("Query", { read: readUnits(entries, "eventual"), kind: `index ${index}` });
      return rows;
    },
  };
}

/** A budget that is open is taken from by one update; one that is not is tried, opened and, where that was lost, tried again. */
function updatesOf({ partition, sort, amount, room, windowMs }: Take, taken: boolean, windows: OpenWindows): number {
  if (amount > room) return 0;
  const key = `${partition} ${sort}`;
  const wasOpen = windows.get(key) === windowMs;
  if (taken) windows.set(key, windowMs);
  return !taken ? 3 : wasOpen ? 1 : 2;
}

function attributes(item: Item): Attributes {
  return item as unknown as Attributes;
}

/** `service task`, `cluster lease`: kind of partition, and of sort key within it. */
function kindOf({ partition, sort }: ItemKey): string {
  const [partitions, [name = ""]] = [partitionKind(partition), sort.split("#")];
  return partitions === "events" ? "event" : `${partitions} ${name}`;
}

function partitionKind(partition: string): string {
  return partition.split("#")[0] ?? "";
}
