import { describe, expect, test } from "vitest";
import { decideSizes, type Sizes } from "../../../core/rollout/sizes.ts";
import { drawn, drawnSets } from "./drawn-sizes.ts";

interface Row {
  readonly name: string;
  readonly replicas: number;
  readonly surge?: number;
  readonly unavailable?: number;
  /** Default: what they are sized for now. */
  readonly sizedFor?: number;
  readonly sets: string;
  readonly sizes: string;
}

function decide(row: Row, given: Partial<Sizes> = {}): string {
  const { replicas, surge = 0, unavailable = 0, sizedFor, sets } = row;
  return drawn(decideSizes({ replicas, surge, unavailable, sizedFor, paused: false, ...drawnSets(sets), ...given }));
}

describe("the target grows", () => {
  test.for<Row>([
    { name: "to all that are wanted when it is alone", replicas: 4, surge: 1, sets: "-> 0/0", sizes: "-> 4" },
    { name: "not into the surge when it is alone", replicas: 4, surge: 1, sets: "-> 4/0", sizes: "-> 4" },
    { name: "into the surge first", replicas: 10, surge: 3, sets: "10/10 -> 0/0", sizes: "10 -> 3" },
    { name: "at once, where the surge is wide", replicas: 4, surge: 4, sets: "4/4 -> 0/0", sizes: "4 -> 4" },
    { name: "never above those wanted", replicas: 4, surge: 9, sets: "4/4 -> 0/0", sizes: "4 -> 4" },
    { name: "not while surge is used up", replicas: 10, surge: 3, sets: "10/10 -> 3/0", sizes: "10 -> 3" },
    { name: "not where there are too many already", replicas: 4, surge: 1, sets: "8/4 -> 0/0", sizes: "4 -> 1" },
    { name: "nor shrinks for that", replicas: 4, surge: 1, sets: "4/4 -> 3/0", sizes: "4 -> 3" },
    { name: "into what older ones give up", replicas: 10, surge: 3, sets: "10/10 -> 3/2", sizes: "8 -> 5" },
    { name: "by what may be missing", replicas: 10, unavailable: 3, sets: "10/10 -> 0/0", sizes: "7 -> 3" },
    { name: "by both", replicas: 10, surge: 3, unavailable: 2, sets: "10/10 -> 0/0", sizes: "8 -> 5" },
    { name: "a target above those wanted is cut at once", replicas: 4, surge: 2, sets: "-> 6/6", sizes: "-> 4" },
    { name: "cut, it still makes room", replicas: 4, surge: 2, sets: "2/2 -> 6/6", sizes: "0 -> 4" },
    {
      name: "recreate: all at once, where all may be missing",
      replicas: 3,
      unavailable: 3,
      sets: "3/3 -> 0/0",
      sizes: "0 -> 3",
    },
  ])("$name", (row) => {
    expect(decide(row)).toBe(row.sizes);
  });
});

describe("older revisions shrink", () => {
  test.for<Row>([
    { name: "for each available task of the target one", replicas: 4, surge: 1, sets: "4/4 -> 1/1", sizes: "3 -> 2" },
    { name: "not for one that is not available", replicas: 4, surge: 1, sets: "4/4 -> 1/0", sizes: "4 -> 1" },
    {
      name: "to nothing once the target is full and available",
      replicas: 4,
      surge: 1,
      unavailable: 1,
      sets: "1/1 -> 4/4",
      sizes: "0 -> 4",
    },
    { name: "down to what must stay", replicas: 10, surge: 3, unavailable: 2, sets: "8/8 -> 5/0", sizes: "8 -> 5" },
    {
      name: "the target's own failures do not cost available ones",
      replicas: 10,
      unavailable: 2,
      sets: "8/8 -> 2/0",
      sizes: "8 -> 2",
    },
    { name: "what is broken goes first", replicas: 10, surge: 3, sets: "10/7 -> 3/0", sizes: "10 -> 3" },
    { name: "broken ones go when the target pays", replicas: 10, surge: 3, sets: "10/7 -> 3/3", sizes: "7 -> 6" },
    {
      name: "broken ones of each older set before available ones of any",
      replicas: 6,
      surge: 2,
      sets: "3/3? 3/1 -> 2/2",
      sizes: "3 1 -> 4",
    },
    {
      name: "of the broken ones those of the first set",
      replicas: 6,
      surge: 2,
      sets: "3/1? 3/2 -> 2/1",
      sizes: "2 3 -> 3",
    },
    {
      name: "of the available ones those of the first set",
      replicas: 6,
      surge: 2,
      sets: "3/3? 3/3 -> 2/2",
      sizes: "1 3 -> 4",
    },
    {
      name: "the next set gives what the first no longer has",
      replicas: 6,
      surge: 2,
      sets: "1/1? 5/5 -> 2/2",
      sizes: "0 4 -> 4",
    },
    { name: "nothing while there are too few", replicas: 6, surge: 2, sets: "4/4 -> 0/0", sizes: "4 -> 4" },
    { name: "to nothing when nothing is wanted", replicas: 0, sets: "1/1? 3/3 -> 2/2", sizes: "0 0 -> 0" },
    { name: "to nothing wanted, with surge left", replicas: 0, surge: 2, sets: "3/3 -> 2/0", sizes: "0 -> 0" },
    { name: "more available than slots count as slots", replicas: 4, surge: 1, sets: "4/4 -> 1/3", sizes: "3 -> 2" },
    { name: "also of older ones", replicas: 4, surge: 1, sets: "2/9 -> 2/1", sizes: "2 -> 3" },
  ])("$name", (row) => {
    expect(decide(row)).toBe(row.sizes);
  });
});

describe("a single task", () => {
  test.for<Row>([
    { name: "with surge the new one comes first", replicas: 1, surge: 1, sets: "1/1 -> 0/0", sizes: "1 -> 1" },
    { name: "and the old one waits for it", replicas: 1, surge: 1, sets: "1/1 -> 1/0", sizes: "1 -> 1" },
    { name: "and goes then", replicas: 1, surge: 1, sets: "1/1 -> 1/1", sizes: "0 -> 1" },
    { name: "without surge the old one goes first", replicas: 1, unavailable: 1, sets: "1/1 -> 0/0", sizes: "0 -> 1" },
    {
      name: "rolled back with surge, what ran comes beside it",
      replicas: 1,
      surge: 1,
      sets: "1/0? -> 0/0",
      sizes: "1 -> 1",
    },
    {
      name: "rolled back without, what failed goes first",
      replicas: 1,
      unavailable: 1,
      sets: "1/0? -> 0/0",
      sizes: "0 -> 1",
    },
  ])("$name", (row) => {
    expect(decide(row)).toBe(row.sizes);
  });
});

describe("a rollback is a rollout to what ran before", () => {
  test.for<Row>([
    {
      name: "what failed goes first, what serves grows back",
      replicas: 10,
      surge: 3,
      sets: "3/0? -> 10/10",
      sizes: "0 -> 10",
    },
    {
      name: "half way, what failed and is broken makes room",
      replicas: 10,
      surge: 3,
      sets: "5/2? -> 8/8",
      sizes: "2 -> 10",
    },
    {
      name: "what failed and yet serves is needed for now",
      replicas: 10,
      surge: 0,
      unavailable: 1,
      sets: "6/6? -> 4/4",
      sizes: "5 -> 5",
    },
  ])("$name", (row) => {
    expect(decide(row)).toBe(row.sizes);
  });
});

describe("paused by hand", () => {
  test.for<Row>([
    { name: "nothing rolls", replicas: 4, surge: 1, sets: "4/4 -> 1/1", sizes: "4 -> 1" },
    {
      name: "too few: what is proven gets the rest",
      replicas: 4,
      surge: 1,
      sets: "1/1? 1/1 -> 1/1",
      sizes: "1 2 -> 1",
    },
    {
      name: "too few and nothing proven: the target does",
      replicas: 4,
      surge: 1,
      sets: "1/1? -> 1/1",
      sizes: "1 -> 3",
    },
    { name: "too many stay", replicas: 4, surge: 1, sets: "4/4 -> 4/4", sizes: "4 -> 4" },
    { name: "unless those could never be started", replicas: 4, surge: 1, sets: "4/3 -> 4/1", sizes: "3 -> 2" },
    { name: "unless one set alone has too many", replicas: 4, surge: 1, sets: "6/6 -> 1/1", sizes: "4 -> 1" },
    { name: "scaling goes on in proportion", replicas: 8, surge: 2, sizedFor: 5, sets: "4/4 -> 1/1", sizes: "8 -> 2" },
    {
      name: "scaled up, rounding leaves room for all",
      replicas: 10,
      sizedFor: 9,
      sets: "9/9? -> 0/0",
      sizes: "9 -> 1",
    },
    { name: "a first rollout that is held starts all", replicas: 3, surge: 1, sets: "-> 0/0", sizes: "-> 3" },
    {
      name: "a barred target makes the proven set heal all the same",
      replicas: 4,
      surge: 1,
      sets: "3/3 -> 1/0!",
      sizes: "4 -> 1",
    },
  ])("$name", (row) => {
    expect(decide(row, { paused: true })).toBe(row.sizes);
  });
});

describe("failed and left as it is", () => {
  test.for<Row>([
    {
      name: "the proven set makes up for what is broken",
      replicas: 10,
      surge: 3,
      sets: "9/9 -> 4/2!",
      sizes: "9 -> 4",
    },
    { name: "as far as the surge goes", replicas: 10, surge: 3, sets: "8/8 -> 5/1!", sizes: "9 -> 4" },
    { name: "slots in which nothing may start make room", replicas: 10, sets: "6/6 -> 4/1!", sizes: "9 -> 1" },
    { name: "those of older unproven sets first", replicas: 10, surge: 1, sets: "2/1? 6/6 -> 3/1!", sizes: "1 8 -> 2" },
    { name: "a target that serves stays", replicas: 10, surge: 3, sets: "6/6 -> 4/4!", sizes: "6 -> 4" },
    {
      name: "broken tasks of the proven set are replaced in their slots",
      replicas: 10,
      surge: 3,
      sets: "10/2 -> 3/0!",
      sizes: "10 -> 3",
    },
    {
      name: "but not in those that could never be filled",
      replicas: 4,
      surge: 1,
      sets: "4/2 -> 2/2!",
      sizes: "3 -> 2",
    },
    { name: "the proven set gives nothing up", replicas: 10, surge: 3, sets: "10/10 -> 3/3!", sizes: "10 -> 3" },
    { name: "a single task comes back", replicas: 1, unavailable: 1, sets: "0/0 -> 1/0!", sizes: "1 -> 0" },
    { name: "with nothing proven all stays", replicas: 10, sets: "2/2? -> 4/1!", sizes: "2 -> 4" },
    { name: "nothing proven, nothing there", replicas: 10, surge: 3, sets: "-> 0/0!", sizes: "-> 0" },
    { name: "nothing wanted", replicas: 0, sets: "2/2 -> 4/1!", sizes: "0 -> 0" },
    {
      name: "scaled up, the proven set takes it all",
      replicas: 20,
      surge: 5,
      sizedFor: 13,
      sets: "9/9 -> 4/4!",
      sizes: "20 -> 4",
    },
    { name: "scaled down in proportion", replicas: 5, surge: 1, sizedFor: 12, sets: "8/8 -> 4/4!", sizes: "4 -> 2" },
  ])("$name", (row) => {
    expect(decide(row)).toBe(row.sizes);
  });
});

describe("scaling in the middle of a rollout", () => {
  test.for<Row>([
    { name: "up: in proportion, then on", replicas: 20, surge: 5, sizedFor: 13, sets: "8/8 -> 5/5", sizes: "15 -> 10" },
    {
      name: "up: the rest is the target's",
      replicas: 20,
      surge: 5,
      sizedFor: 13,
      sets: "1/1 -> 10/10",
      sizes: "2 -> 20",
    },
    { name: "down: in proportion, then on", replicas: 5, surge: 2, sizedFor: 13, sets: "8/8 -> 5/5", sizes: "2 -> 5" },
    { name: "down: what serves stays", replicas: 5, surge: 2, sizedFor: 13, sets: "10/10 -> 3/0", sizes: "5 -> 2" },
    {
      name: "down: what stayed available counts as such",
      replicas: 10,
      surge: 2,
      sizedFor: 13,
      sets: "10/10? 3/0 -> 0/0",
      sizes: "10 0 -> 2",
    },
    { name: "down to nothing", replicas: 0, sizedFor: 13, sets: "10/10 -> 3/0", sizes: "0 -> 0" },
    { name: "up from nothing", replicas: 4, surge: 1, sizedFor: 0, sets: "-> 0/0", sizes: "-> 4" },
    { name: "a service at rest is just scaled", replicas: 7, surge: 2, sizedFor: 5, sets: "-> 4/4", sizes: "-> 7" },
    {
      name: "up together with a new revision",
      replicas: 8,
      surge: 2,
      sizedFor: 5,
      sets: "4/4 -> 0/0",
      sizes: "8 -> 2",
    },
    {
      name: "down together with a new revision",
      replicas: 4,
      surge: 1,
      sizedFor: 10,
      sets: "8/8 -> 0/0",
      sizes: "4 -> 1",
    },
  ])("$name", (row) => {
    expect(decide(row)).toBe(row.sizes);
  });
});
