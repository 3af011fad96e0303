import type { Item } from "../model/records.ts";

/** Where an item is: partition key and sort key. */
export interface ItemKey {
  readonly partition: string;
  readonly sort: string;
}

/** What a swap sets; `undefined` removes an attribute. Version, partition and sort are the store's own affair. */
export type Changes<R extends Item> = {
  readonly [K in keyof Omit<R, "partition" | "sort" | "version">]?: R[K] | undefined;
};

/** A new item as its writer knows it: the store numbers it version 1. */
export type NewItem<R extends Item> = Omit<R, "version">;

/** The two indexes of the table. */
export type IndexName = "byKind" | "waiting";

/** A row of an index: where the item is, and the text that orders it there. It may be late; it only finds candidates. */
export interface IndexRow extends ItemKey {
  readonly row: string;
}

/** `amount` of a windowed budget, for what the caller will do next. */
export interface Take extends ItemKey {
  readonly amount: number;
  /** Most that may be used in the window once this is taken. */
  readonly room: number;
  /** Start of the window that the caller is in, epoch ms. */
  readonly windowMs: number;
  readonly nowMs: number;
}

/**
 * One table. Every read is consistent and shows no expired item; every write is one conditional write of one item.
 * Throws `Fault("transient")` when the table cannot be reached: the write may have happened.
 */
export interface Store {
  get<R extends Item>(key: ItemKey): Promise<R | undefined>;
  /** Every item of a partition whose sort key starts with `prefix`, in the order of sort keys, all pages. */
  query<R extends Item>(partition: string, prefix?: string): Promise<readonly R[]>;
  /** Writes it as version 1 if none is there (an expired one is not); undefined: there is one, read it. */
  create<R extends Item>(item: NewItem<R>): Promise<R | undefined>;
  /** Writes `{ ...before, ...changes, version + 1 }` if uid and version are still those of `before`; undefined: read again. */
  swap<R extends Item>(before: R, changes: Changes<R>): Promise<R | undefined>;
  /** Removes it if uid and version are still those; false: read again. */
  remove(before: Item): Promise<boolean>;
  /**
   * Takes from a windowed budget by one conditional update: true, and it is used; false, wait for the next window.
   * A stored window more than 60 s ahead of the caller's is overwritten. While halved, `room` counts half.
   */
  take(take: Take): Promise<boolean>;
  /** Halves a budget until then: the account is throttled. */
  halve(key: ItemKey, untilMs: number): Promise<void>;
  /** Rows of one shard of an index, in order. Eventually consistent; may be late; all pages. */
  list(index: IndexName, shard: string): Promise<readonly IndexRow[]>;
}
