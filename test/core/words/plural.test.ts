import { expect, test } from "vitest";
import { minutes } from "../../../core/words/minutes.ts";
import { nounFor, plural } from "../../../core/words/plural.ts";

test.for([
  { count: 0, told: "0 messages" },
  { count: 1, told: "1 message" },
  { count: 2, told: "2 messages" },
])("$told", ({ count, told }) => {
  expect(plural(count, "message")).toBe(told);
  expect(`${count} ${nounFor(count, "message")}`).toBe(told);
});

test("a noun of its own for many", () => {
  expect([1, 2].map((count) => plural(count, "try", "tries"))).toEqual(["1 try", "2 tries"]);
});

test("minutes that are over", () => {
  expect([59_999, 60_000, 119_999, 120_000].map(minutes)).toEqual(["0 minutes", "1 minute", "1 minute", "2 minutes"]);
});
