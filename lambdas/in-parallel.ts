/** Runs `work` for every item, at most `bound` at once, in their order; resolves when all are done. `work` must not throw. */
export async function inParallel<T>(
  items: readonly T[],
  bound: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = items.values();
  const lane = async () => {
    for (const item of waiting) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(bound, items.length) }, lane));
}
