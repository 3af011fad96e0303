import { describe, expect, test } from "vitest";
import { hopsOf, mergeWakeups, wakeupFrom } from "../../lambdas/wakeups.ts";

describe("the body of a message on work or dispatch", () => {
  test.for([
    { name: "a key and its hops", body: { key: "shop/web", hops: 1 }, wakeup: { key: "shop/web", hops: 1 } },
    {
      name: "names of services",
      body: { key: "c", hops: 8, names: ["a/b"] },
      wakeup: { key: "c", hops: 8, names: ["a/b"] },
    },
    {
      name: "unknown fields are left out",
      body: { key: "a/b", hops: 1, later: true },
      wakeup: { key: "a/b", hops: 1 },
    },
    { name: "no key", body: { hops: 1 }, wakeup: undefined },
    { name: "an empty key", body: { key: "", hops: 1 }, wakeup: undefined },
    { name: "a key that is no string", body: { key: 7, hops: 1 }, wakeup: undefined },
    { name: "no hops", body: { key: "a/b" }, wakeup: undefined },
    { name: "hops below 1", body: { key: "a/b", hops: 0 }, wakeup: undefined },
    { name: "hops above 8", body: { key: "a/b", hops: 9 }, wakeup: undefined },
    { name: "half a hop", body: { key: "a/b", hops: 1.5 }, wakeup: undefined },
    { name: "names that are no list", body: { key: "c", hops: 1, names: "a/b" }, wakeup: undefined },
    { name: "a name that is no string", body: { key: "c", hops: 1, names: [1] }, wakeup: undefined },
    { name: "null", body: null, wakeup: undefined },
    { name: "a list", body: [], wakeup: undefined },
  ])("$name", ({ body, wakeup }) => {
    expect(wakeupFrom(JSON.stringify(body))).toEqual(wakeup);
  });

  test("text that is no JSON is no wake-up", () => {
    expect(wakeupFrom("{")).toBeUndefined();
  });
});

describe("two wake-ups of one key", () => {
  test.for([
    { name: "the longest lineage counts", first: { hops: 2 }, second: { hops: 5 }, merged: { hops: 5 } },
    { name: "whichever comes first", first: { hops: 5 }, second: { hops: 2 }, merged: { hops: 5 } },
    {
      name: "every name, once",
      first: { hops: 1, names: ["a/b", "a/c"] },
      second: { hops: 1, names: ["a/c", "a/d"] },
      merged: { hops: 1, names: ["a/b", "a/c", "a/d"] },
    },
    {
      name: "names of one alone",
      first: { hops: 1 },
      second: { hops: 1, names: ["a/b"] },
      merged: { hops: 1, names: ["a/b"] },
    },
  ])("$name", ({ first, second, merged }) => {
    expect(mergeWakeups({ key: "k", ...first }, { key: "k", ...second })).toEqual({ key: "k", ...merged });
  });
});

describe("the lineage of observations", () => {
  test.for([
    { name: "what a step reports carries it", body: '{"hops":3}', hops: 3 },
    { name: "what AWS sends has none", body: '{"detail-type":"ECS Task State Change"}', hops: 0 },
    { name: "more than 8 counts as 8", body: '{"hops":900}', hops: 8 },
    { name: "a negative number counts as none", body: '{"hops":-1}', hops: 0 },
    { name: "text that is no JSON has none", body: "{", hops: 0 },
  ])("$name", ({ body, hops }) => {
    expect(hopsOf(body)).toBe(hops);
  });
});
