import { invalidParameter } from "./errors.ts";

/** What a list request says of its page. */
export interface PageInput {
  readonly maxResults?: number | undefined;
  readonly nextToken?: string | undefined;
}

/** What a list is made of. */
export interface Listing<T> {
  /** All there are, in the order of the list, shown or not. */
  readonly all: readonly T[];
  readonly keyOf: (item: T) => string;
  /** Default: all are shown. */
  readonly shows?: (item: T) => boolean;
}

/**
 * One page of a list, at most 100. The token names the last item that was shown: the next page begins behind it, also
 * when the list would not show it any more. Throws InvalidParameterException for a token of nothing that there is.
 */
export function pageOf<T>(
  { all, keyOf, shows = () => true }: Listing<T>,
  { maxResults = 100, nextToken }: PageInput,
): { readonly items: readonly T[]; readonly nextToken: { readonly nextToken?: string } } {
  if (maxResults < 1 || maxResults > 100) throw invalidParameter(`maxResults must be 1 to 100, got ${maxResults}`);
  const start = nextToken === undefined ? 0 : all.findIndex((item) => keyOf(item) === nextToken) + 1;
  if (nextToken !== undefined && start === 0) throw invalidParameter("Invalid token.");
  const rest = all.slice(start).filter(shows);
  const items = rest.slice(0, maxResults);
  const last = items.at(-1);
  return { items, nextToken: last !== undefined && rest.length > maxResults ? { nextToken: keyOf(last) } : {} };
}
