import type { IndexName, IndexRow } from "../../core/ports/store.ts";

const unitBytes = { write: 1024, read: 4096 } as const;

const tableKeys = ["partition", "sort"] as const;
/** The keys of the indexes: an index projects keys alone, so an entry is its own, the table's and nothing else. */
const indexKeys = {
  byKind: ["kindShard", "kindRow"],
  waiting: ["waitShard", "waitRow"],
} as const satisfies Readonly<Record<IndexName, readonly [string, string]>>;

/** A store in memory hands out the same item again and again, which nobody can change. */
const knownBytes = new WeakMap<Attributes, number>();

/** An item by its attributes; one that is `undefined` is not stored. */
export type Attributes = Readonly<Record<string, unknown>>;

/**
 * Bytes of an item as DynamoDB counts them for its units: names and values, without the 100 bytes that storage adds.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export function itemBytes(item: Attributes): number {
  const known = knownBytes.get(item);
  if (known !== undefined) return known;
  const bytes = Object.entries(item)
    .filter(([, value]) => value !== undefined)
    .reduce((sum, [name, value]) => sum + utf8Bytes(name) + valueBytes(value), 0);
  knownBytes.set(item, bytes);
  return bytes;
}

/**
 * Write units of a write that was carried out: 1 for each KB begun of the larger of the item before and after, and for
 * each index what changes there. An entry with another key is removed and put; one that stays as it is costs nothing.
 *
 * @param before Absent: the item is new.
 * @param after  Absent: the item is removed.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html#GSI.ThroughputConsiderations.Writes
 */
export function writeUnits(before: Attributes | undefined, after: Attributes | undefined): number {
  const table = units(Math.max(bytesOf(before), bytesOf(after)), "write");
  const indexes = Object.values(indexKeys).map((keys) => entryUnits(entryOf(keys, before), entryOf(keys, after)));
  return indexes.reduce((sum, each) => sum + each, table);
}

/**
 * Write units of a write whose condition did not hold: those of the larger of the item that is there and the one that was
 * to be written, and nothing in the indexes.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithItems.html#WorkingWithItems.ConditionalUpdate
 */
export function refusedUnits(there: Attributes | undefined, wanted: Attributes | undefined): number {
  return units(Math.max(bytesOf(there), bytesOf(wanted)), "write");
}

/**
 * Read units of one read: 1 for each 4 KB begun of all that was read together, and 1 for nothing; half of that where it
 * is only eventually consistent. A page of 1 MB is rounded up by itself, which is left out here.
 */
export function readUnits(items: readonly Attributes[], consistency: "consistent" | "eventual"): number {
  const bytes = items.reduce((sum, item) => sum + itemBytes(item), 0);
  return units(bytes, "read") * (consistency === "consistent" ? 1 : 0.5);
}

/** What a row of an index is made of, as attributes. */
export function rowAttributes(index: IndexName, shard: string, { partition, sort, row }: IndexRow): Attributes {
  const [shardKey, rowKey] = indexKeys[index];
  return { partition, sort, [shardKey]: shard, [rowKey]: row };
}

/** The entry of an item in the index that has these keys; undefined: it has none, since one of them is absent. */
function entryOf(keys: readonly [string, string], item: Attributes | undefined): Attributes | undefined {
  if (item === undefined || keys.some((key) => item[key] === undefined)) return undefined;
  return Object.fromEntries([...tableKeys, ...keys].map((key) => [key, item[key]]));
}

function entryUnits(before: Attributes | undefined, after: Attributes | undefined): number {
  const isSame = JSON.stringify(before) === JSON.stringify(after);
  if (isSame) return 0;
  return [before, after].reduce((sum, entry) => sum + (entry ? units(itemBytes(entry), "write") : 0), 0);
}

function units(bytes: number, kind: keyof typeof unitBytes): number {
  return Math.max(1, Math.ceil(bytes / unitBytes[kind]));
}

function bytesOf(item: Attributes | undefined): number {
  return item ? itemBytes(item) : 0;
}

/** A list or map has 3 bytes of its own and 1 for each element; a number 1, and 1 for each two significant digits. */
function valueBytes(value: unknown): number {
  if (typeof value === "string") return utf8Bytes(value);
  if (typeof value === "number") return 1 + Math.ceil(significantDigits(value) / 2);
  if (typeof value === "boolean" || value === null) return 1;
  if (Array.isArray(value)) return value.reduce((sum, element) => sum + 1 + valueBytes(element), 3);
  if (typeof value === "object") {
    const fields = Object.entries(value).filter(([, field]) => field !== undefined);
    return itemBytes(Object.fromEntries(fields)) + 3 + fields.length;
  }
  throw new TypeError(`an item holds text, numbers, booleans, null, lists and maps, got ${typeof value}`);
}

/** Zeros before the first and after the last other digit are not stored. */
function significantDigits(value: number): number {
  const [mantissa = ""] = Math.abs(value).toExponential().split("e");
  return mantissa.replace(".", "").replace(/0+$/, "").length;
}

function utf8Bytes(text: string): number {
  return Buffer.byteLength(text);
}
