import { array, assert, constantFrom, integer, property, record } from "fast-check";
import { describe, expect, test } from "vitest";
import { decideSizes, type SetSize, type Sizes } from "../../../core/rollout/sizes.ts";

const few = integer({ min: 0, max: 12 });

/** Any bounds that `resolveBounds` gives. */
const wish = record({ replicas: few, surge: few, unavailable: few }).map(({ replicas, surge, unavailable }) => ({
  replicas,
  surge,
  unavailable: Math.min(surge + unavailable === 0 ? 1 : unavailable, replicas),
}));

const set = record({ size: few, available: integer({ min: 0, max: 14 }) });

const start = record({
  wish,
  target: set,
  unproven: array(set, { maxLength: 2 }),
  proven: array(set, { maxLength: 1 }),
  sizedFor: constantFrom(undefined, 0, 5, 13),
});

/** What becomes of the tasks of a set: so many are available, so many less are, and so many end. */
interface Fate {
  readonly ready: number;
  readonly broken: number;
  readonly gone: number;
}

interface Turn {
  readonly fates: readonly Fate[];
  readonly change: "none" | "scale" | "pause" | "resume" | "bar" | "unbar";
  readonly wish: Pick<Sizes, "replicas" | "surge" | "unavailable">;
}

const turn = record<Turn>({
  fates: array(record<Fate>({ ready: few, broken: integer({ min: 0, max: 4 }), gone: integer({ min: 0, max: 2 }) }), {
    minLength: 4,
    maxLength: 4,
  }),
  change: constantFrom("none", "none", "none", "scale", "pause", "resume", "bar", "unbar"),
  wish,
});

describe("a rollout, decided again and again", () => {
  test("keeps its bounds whatever happens, and ends once all tasks that start become available", () => {
    assert(
      property(start, array(turn, { maxLength: 12 }), (from, turns) => {
        let sizes: Sizes = {
          ...from.wish,
          sizedFor: from.sizedFor,
          paused: false,
          target: { ...from.target, barred: false },
          older: [
            ...from.unproven.map((each) => ({ ...each, proven: false })),
            ...from.proven.map((each) => ({ ...each, proven: true })),
          ],
        };
        for (const each of turns) sizes = changed(happened(decided(sizes), each), each);
        sizes = { ...sizes, paused: false, target: { ...sizes.target, barred: false } };
        for (let step = 0; step < 40 && !isDone(sizes); step += 1) sizes = allAvailable(decided(sizes));
        expect(isDone(sizes)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

function isDone({ target, older, replicas }: Sizes): boolean {
  return target.size === replicas && target.available >= replicas && older.every(({ size }) => size === 0);
}

/** Decides, and checks what holds of every decision. */
function decided(sizes: Sizes): Sizes {
  const { target, older } = decideSizes(sizes);
  const next: Sizes = {
    ...sizes,
    sizedFor: sizes.replicas + sizes.surge,
    target: { ...sizes.target, ...kept(sizes.target, target) },
    older: sizes.older.map((each, index) => ({ ...each, ...kept(each, older[index] ?? Number.NaN) })),
  };
  expect(next.older).toHaveLength(older.length);
  for (const { size } of setsOf(next)) expect(Number.isInteger(size) && size >= 0).toBe(true);
  const floor = sizes.replicas - sizes.unavailable;
  expect(total(next, "available")).toBeGreaterThanOrEqual(Math.min(floor, total(sizes, "available")));
  expect(total(next, "size")).toBeLessThanOrEqual(Math.max(sizes.replicas + sizes.surge, total(sizes, "size")));
  expectNothingBarredGrows(sizes, next);
  expectRoom(next);
  if (sizes.sizedFor === next.sizedFor) expect(decideSizes(next)).toEqual({ target, older });
  return next;
}

function expectNothingBarredGrows(before: Sizes, after: Sizes): void {
  if (before.target.barred) expect(after.target.size).toBeLessThanOrEqual(before.target.size);
  for (const [index, { size, proven }] of after.older.entries())
    if (!proven) expect(size).toBeLessThanOrEqual(before.older[index]?.size ?? 0);
}

/** All that are wanted have a place: an available task, or a slot that is refilled. */
function expectRoom(sizes: Sizes): void {
  const { target, older, replicas, surge } = sizes;
  const proven = older.find((each) => each.proven);
  if (target.barred && proven) {
    const others = total(sizes, "available") - proven.available;
    expect(others + proven.size).toBeGreaterThanOrEqual(replicas);
  } else if (!target.barred) {
    expect(total(sizes, "size")).toBeGreaterThanOrEqual(replicas);
    if (!sizes.paused)
      expect(target.size).toBeGreaterThanOrEqual(Math.min(replicas, replicas + surge - olderTotal(sizes)));
  }
}

function kept(before: SetSize, size: number): SetSize {
  return { size, available: Math.min(before.available, before.size, size) };
}

/** Tasks come up, break and end; what nothing refills has fewer slots then. */
function happened(sizes: Sizes, { fates }: Turn): Sizes {
  const [fate, ...fatesOfOlder] = fates;
  return {
    ...sizes,
    target: { ...sizes.target, ...lived(sizes.target, fate, !sizes.target.barred) },
    older: sizes.older.map((each, index) => ({ ...each, ...lived(each, fatesOfOlder[index], each.proven) })),
  };
}

function lived({ size, available }: SetSize, fate: Fate | undefined, refilled: boolean): SetSize {
  const { ready = 0, broken = 0, gone = 0 } = fate ?? {};
  const left = refilled ? size : Math.max(size - gone, 0);
  return { size: left, available: Math.min(Math.max(Math.min(available + ready, size) - broken, 0), left) };
}

function changed(sizes: Sizes, { change, wish: wished }: Turn): Sizes {
  switch (change) {
    case "none":
      return sizes;
    case "scale":
      return { ...sizes, ...wished };
    case "pause":
    case "resume":
      return { ...sizes, paused: change === "pause" };
    case "bar":
    case "unbar":
      return { ...sizes, target: { ...sizes.target, barred: change === "bar" } };
  }
}

/** Fair: what may start does, and becomes available. What may not is never mended. */
function allAvailable(sizes: Sizes): Sizes {
  return {
    ...sizes,
    target: { ...sizes.target, available: sizes.target.size },
    older: sizes.older.map((each) => (each.proven ? { ...each, available: each.size } : each)),
  };
}

function setsOf({ target, older }: Sizes): readonly SetSize[] {
  return [...older, target];
}

function total(sizes: Sizes, count: keyof SetSize): number {
  return setsOf(sizes).reduce((sum, each) => sum + Math.min(each[count], each.size), 0);
}

function olderTotal({ older }: Sizes): number {
  return older.reduce((sum, { size }) => sum + size, 0);
}
