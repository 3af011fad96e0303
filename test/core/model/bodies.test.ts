import { expect, test } from "vitest";
import { observationBodies, wakeupBody } from "../../../core/model/bodies.ts";
import type { Observation } from "../../../core/ports/queues.ts";

const observations = Array.from({ length: 51 }, (_, index) => ({ index }) as unknown as Observation);

test.for([
  { count: 0, sizes: [] },
  { count: 1, sizes: [1] },
  { count: 50, sizes: [50] },
  { count: 51, sizes: [50, 1] },
])("$count observations travel in messages of $sizes", ({ count, sizes }) => {
  const bodies = observationBodies(observations.slice(0, count), 3).map((body) => JSON.parse(body));
  expect(bodies.map((body) => body.observations.length)).toEqual(sizes);
  expect(bodies.flatMap((body) => body.observations)).toEqual(observations.slice(0, count));
  for (const { hops } of bodies) expect(hops).toBe(3);
});

test("a wake-up names its key, its hops and its hints only", () => {
  expect(wakeupBody({ key: "shop/web", hops: 1 })).toBe('{"key":"shop/web","hops":1}');
  expect(wakeupBody({ key: "main", hops: 2, names: ["shop/web"] })).toBe(
    '{"key":"main","hops":2,"names":["shop/web"]}',
  );
});
