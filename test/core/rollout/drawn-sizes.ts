import type { Sizes } from "../../../core/rollout/sizes.ts";

/**
 * Sizes from a drawing such as `"2/1? 8/8 -> 3/1"`: size and available tasks of each older revision, first to go first,
 * `?` after an unproven one; then those of the target, `!` after a barred one.
 */
export function drawnSets(drawing: string): Pick<Sizes, "older" | "target"> {
  const [older = "", target = ""] = drawing.split("->");
  const sets = older.split(" ").filter((set) => set !== "");
  return {
    older: sets.map((set) => ({ ...countsOf(set), proven: !set.endsWith("?") })),
    target: { ...countsOf(target), barred: target.endsWith("!") },
  };
}

/** What was decided, as `"2 8 -> 3"`. */
export function drawn({ target, older }: { readonly target: number; readonly older: readonly number[] }): string {
  return [...older, "->", target].join(" ");
}

function countsOf(drawing: string): { readonly size: number; readonly available: number } {
  const [size, available] = drawing.split("/").map((count) => Number.parseInt(count, 10));
  return { size: size ?? 0, available: available ?? 0 };
}
