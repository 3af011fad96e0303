import { invariant } from "../core/model/fault.ts";

/** Most pages of 100 that one listing follows: twice what a cluster's limits allow. */
const maxPages = 1_000;

interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | undefined;
}

/** Reads page after page until one names no next; a page may be empty and not be the last. */
export async function everyPage<T>(read: (from: string | undefined) => Promise<Page<T>>): Promise<readonly T[]> {
  const items: T[] = [];
  let from: string | undefined;
  for (let page = 0; page < maxPages; page++) {
    const { items: found, next } = await read(from);
    items.push(...found);
    if (!next) return items;
    from = next;
  }
  invariant(false, `a listing has more than ${maxPages} pages`);
}
