import { invalidParameter } from "./errors.ts";

/** What a list request says of its page. */
export interface PageInput {
  readonly maxResults?: number | undefined;
  readonly nextToken?: string | undefined;
}

/**
 * One page of items that are already in order, at most 100. The token names the last item that was shown, so what is
 * added behind it meanwhile is still seen; when that item is gone the list is over.
 */
export function pageOf<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  { maxResults = 100, nextToken }: PageInput,
): { readonly items: readonly T[]; readonly nextToken: { readonly nextToken?: string } } {
  if (maxResults < 1 || maxResults > 100) throw invalidParameter(`maxResults must be 1 to 100, got ${maxResults}`);
  const start = nextToken === undefined ? 0 : items.findIndex((item) => keyOf(item) === nextToken) + 1;
  if (nextToken !== undefined && start === 0) throw invalidParameter("Invalid token.");
  const page = items.slice(start, start + maxResults);
  const last = page.at(-1);
  const more = last !== undefined && start + maxResults < items.length;
  return { items: page, nextToken: more ? { nextToken: keyOf(last) } : {} };
}
