import { expect, test } from "vitest";
import { inParallel } from "../../lambdas/in-parallel.ts";

test.for([
  { name: "no items", items: [], bound: 4 },
  { name: "fewer items than lanes", items: [1, 2], bound: 4 },
  { name: "more items than lanes", items: [1, 2, 3, 4, 5], bound: 2 },
])("$name: each is worked on once, in their order", async ({ items, bound }) => {
  const seen: number[] = [];
  await inParallel<number>(items, bound, async (item) => {
    seen.push(item);
    await new Promise(setImmediate);
  });
  expect(seen).toEqual(items);
});
