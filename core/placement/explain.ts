/** What the first word of a refusal, said of several nodes, becomes for one. */
const singular: Readonly<Record<string, string>> = { are: "is", have: "has", do: "does" };

/**
 * Why a task found no place, in one line: `0 of 6 nodes fit: 4 have not enough free memory: 512 MiB wanted, 2 are
 * draining`. The reason that most nodes gave comes first.
 *
 * @param rejections Of `place` or `placeOnZones`.
 * @param total How many nodes or zones there are.
 * @param noun  What they are called.
 */
export function explain(rejections: ReadonlyMap<string, number>, total: number, noun = "nodes"): string {
  if (total === 0) return `there are no ${noun}`;
  const clauses = [...rejections]
    .toSorted(([a, most], [b, least]) => least - most || (a < b ? -1 : 1))
    .map(([reason, count]) => `${count} ${count === 1 ? ofOne(reason) : reason}`);
  return `0 of ${total} ${noun} fit: ${clauses.join(", ")}`;
}

function ofOne(reason: string): string {
  const [verb = "", ...rest] = reason.split(" ");
  return [Object.hasOwn(singular, verb) ? singular[verb] : verb, ...rest].join(" ");
}
