import { array, assert, integer, property } from "fast-check";
import { expect, test } from "vitest";
import { heapOf, pop, sinkTop, top } from "../../../core/placement/heap.ts";

const rising = (a: { value: number }, b: { value: number }) => a.value - b.value;

test("gives its values in order", () => {
  assert(
    property(array(integer()), (values) => {
      const heap = heapOf(
        values.map((value) => ({ value })),
        rising,
      );
      const order: number[] = [];
      for (let smallest = top(heap); smallest !== undefined; smallest = top(heap)) {
        order.push(smallest.value);
        pop(heap);
      }
      expect(order).toEqual(values.toSorted((a, b) => a - b));
    }),
  );
});

test("keeps its order when the smallest grows", () => {
  assert(
    property(array(integer({ min: 0, max: 9 }), { minLength: 1 }), integer({ min: 1, max: 50 }), (values, steps) => {
      const items = values.map((value) => ({ value }));
      const heap = heapOf(items, rising);
      for (let step = 0; step < steps; step += 1) {
        const smallest = top(heap);
        expect(smallest?.value).toBe(Math.min(...items.map((item) => item.value)));
        if (smallest) smallest.value += 3;
        sinkTop(heap);
      }
    }),
  );
});

test("an empty heap has no top and nothing to remove", () => {
  const heap = heapOf<{ value: number }>([], rising);
  pop(heap);
  expect(top(heap)).toBeUndefined();
});
