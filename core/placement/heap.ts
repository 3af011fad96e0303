/** A binary heap: `items[0]` is the smallest by `compare`. */
export interface Heap<Value> {
  readonly items: Value[];
  readonly compare: (a: Value, b: Value) => number;
}

/** A heap of these values, in linear time. */
export function heapOf<Value>(values: readonly Value[], compare: (a: Value, b: Value) => number): Heap<Value> {
  const heap = { items: [...values], compare };
  for (let index = Math.floor(values.length / 2) - 1; index >= 0; index -= 1) sink(heap, index);
  return heap;
}

/** The smallest value; undefined: the heap is empty. */
export function top<Value>(heap: Heap<Value>): Value | undefined {
  return heap.items[0];
}

/** Removes the smallest value. */
export function pop<Value>(heap: Heap<Value>): void {
  const last = heap.items.pop();
  if (last === undefined || heap.items.length === 0) return;
  heap.items[0] = last;
  sink(heap, 0);
}

/** Restores the order after the smallest value became larger. */
export function sinkTop<Value>(heap: Heap<Value>): void {
  sink(heap, 0);
}

function sink<Value>({ items, compare }: Heap<Value>, from: number): void {
  let index = from;
  for (;;) {
    const smallest = smallestOf(items, compare, [index, 2 * index + 1, 2 * index + 2]);
    if (smallest === index) return;
    [items[index], items[smallest]] = [items[smallest] as Value, items[index] as Value];
    index = smallest;
  }
}

function smallestOf<Value>(
  items: readonly Value[],
  compare: (a: Value, b: Value) => number,
  indices: readonly [number, number, number],
): number {
  return indices.reduce((best, index) =>
    index < items.length && compare(items[index] as Value, items[best] as Value) < 0 ? index : best,
  );
}
