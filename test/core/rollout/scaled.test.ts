import { describe, expect, test } from "vitest";
import { decideSizes } from "../../../core/rollout/sizes.ts";
import { drawn, drawnSets } from "./drawn-sizes.ts";

interface Row {
  readonly name: string;
  readonly replicas: number;
  readonly surge?: number;
  readonly unavailable?: number;
  readonly sizedFor?: number;
  readonly sets: string;
  readonly sizes: string;
}

/** Paused, so that only scaling shows. */
function scale({ replicas, surge = 0, unavailable = 0, sizedFor, sets }: Row): string {
  return drawn(decideSizes({ replicas, surge, unavailable, sizedFor, paused: true, ...drawnSets(sets) }));
}

describe("scaling while a rollout is held", () => {
  test.for<Row>([
    { name: "nothing rolls", replicas: 10, surge: 3, sizedFor: 13, sets: "10/10 -> 3/3", sizes: "10 -> 3" },
    {
      name: "nothing is scaled without an earlier size",
      replicas: 10,
      surge: 3,
      sets: "10/10 -> 1/1",
      sizes: "10 -> 1",
    },
    { name: "both in proportion, up", replicas: 10, sizedFor: 5, sets: "3/3 -> 2/2", sizes: "6 -> 4" },
    { name: "both in proportion, down", replicas: 3, sizedFor: 5, unavailable: 2, sets: "3/3 -> 2/2", sizes: "2 -> 1" },
    { name: "surge is part of the size", replicas: 20, surge: 2, sizedFor: 12, sets: "6/6 -> 6/6", sizes: "11 -> 11" },
    {
      name: "shares round, the rest goes to the largest",
      replicas: 12,
      sizedFor: 7,
      sets: "4/4 -> 3/3",
      sizes: "7 -> 5",
    },
    {
      name: "growth that is left goes to the largest",
      replicas: 20,
      surge: 5,
      sizedFor: 13,
      sets: "1/1 -> 9/9",
      sizes: "2 -> 20",
    },
    { name: "the newest of equals gets what is left", replicas: 3, sizedFor: 2, sets: "1/1 -> 1/1", sizes: "1 -> 2" },
    {
      name: "the newest of equals is first to its share",
      replicas: 4,
      sizedFor: 2,
      sets: "1/1 -> 1/1",
      sizes: "2 -> 2",
    },
    {
      name: "the oldest of equals gives what is left",
      replicas: 2,
      sizedFor: 3,
      unavailable: 2,
      sets: "1/1? 1/1 -> 1/1",
      sizes: "0 1 -> 1",
    },
    {
      name: "the largest gives what is left",
      replicas: 4,
      sizedFor: 9,
      unavailable: 4,
      sets: "1/1 -> 8/8",
      sizes: "0 -> 4",
    },
    {
      name: "growth that is left goes to the largest, here the older",
      replicas: 20,
      sizedFor: 13,
      sets: "9/9 -> 3/3",
      sizes: "15 -> 5",
    },
    { name: "the largest is first to its share", replicas: 6, sizedFor: 4, sets: "3/3 -> 1/1", sizes: "5 -> 1" },
    {
      name: "the newest of equals gets what is left of much",
      replicas: 6,
      sizedFor: 4,
      sets: "1/1 -> 1/1",
      sizes: "2 -> 4",
    },
    {
      name: "the largest gives what is left of rounding",
      replicas: 2,
      unavailable: 2,
      sizedFor: 4,
      sets: "1/1 -> 3/3",
      sizes: "1 -> 1",
    },
    {
      name: "sets without slots take no part",
      replicas: 3,
      surge: 1,
      sizedFor: 0,
      sets: "0/0 -> 0/0",
      sizes: "3 -> 0",
    },
    {
      name: "too many stay while the size does",
      replicas: 4,
      surge: 1,
      sizedFor: 5,
      sets: "4/4 -> 4/4",
      sizes: "4 -> 4",
    },
    { name: "a set alone takes all, up", replicas: 12, surge: 3, sizedFor: 13, sets: "10/10 -> 0/0", sizes: "12 -> 0" },
    { name: "a set alone takes all, down", replicas: 5, surge: 2, sizedFor: 13, sets: "10/10 -> 0/0", sizes: "5 -> 0" },
    {
      name: "no set grows above those wanted",
      replicas: 11,
      surge: 11,
      sizedFor: 20,
      sets: "10/10 -> 10/10",
      sizes: "11 -> 11",
    },
    { name: "all to nothing when nothing is wanted", replicas: 0, sizedFor: 13, sets: "10/10 -> 3/3", sizes: "0 -> 0" },
    { name: "nothing wanted with surge left", replicas: 0, surge: 2, sizedFor: 2, sets: "1/1 -> 1/1", sizes: "0 -> 0" },
    { name: "from nothing: the target", replicas: 3, surge: 1, sizedFor: 0, sets: "-> 0/0", sizes: "-> 3" },
    { name: "an unproven set never grows", replicas: 10, sizedFor: 5, sets: "2/2? 1/1 -> 2/2", sizes: "2 2 -> 6" },
    {
      name: "an unproven set shrinks",
      replicas: 4,
      sizedFor: 10,
      unavailable: 4,
      sets: "5/5? 2/2 -> 3/3",
      sizes: "2 1 -> 1",
    },
    { name: "a barred target never grows", replicas: 20, sizedFor: 10, sets: "6/6 -> 4/4!", sizes: "16 -> 4" },
    {
      name: "a barred target shrinks",
      replicas: 5,
      sizedFor: 10,
      unavailable: 5,
      sets: "6/6 -> 4/4!",
      sizes: "3 -> 2",
    },
    {
      name: "scaling up takes nothing away from too many",
      replicas: 6,
      surge: 2,
      sizedFor: 6,
      sets: "6/6 -> 4/4",
      sizes: "6 -> 4",
    },
    {
      name: "scaling down adds nothing to too few",
      replicas: 8,
      surge: 1,
      sizedFor: 20,
      sets: "4/4 -> 4/4",
      sizes: "4 -> 4",
    },
    {
      name: "available ones never go below what must stay for others that are not",
      replicas: 100,
      surge: 25,
      sizedFor: 127,
      sets: "101/101 -> 26/0",
      sizes: "100 -> 25",
    },
    {
      name: "slots without an available task go in their place",
      replicas: 10,
      surge: 0,
      unavailable: 1,
      sizedFor: 13,
      sets: "10/10 -> 3/0",
      sizes: "9 -> 1",
    },
    {
      name: "the target's available ones stay first",
      replicas: 10,
      surge: 0,
      unavailable: 1,
      sizedFor: 20,
      sets: "5/0? 6/6 -> 9/9",
      sizes: "1 3 -> 6",
    },
    {
      name: "what must stay of what is not there",
      replicas: 8,
      surge: 0,
      sizedFor: 12,
      sets: "6/3 -> 6/2",
      sizes: "4 -> 4",
    },
  ])("$name", (row) => {
    expect(scale(row)).toBe(row.sizes);
  });
});
