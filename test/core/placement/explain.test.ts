import { expect, test } from "vitest";
import { explain } from "../../../core/placement/explain.ts";

test.for([
  {
    name: "most nodes first",
    rejections: { "are draining": 2, "have not enough free memory: 512 MiB wanted": 4 },
    expected: "0 of 6 nodes fit: 4 have not enough free memory: 512 MiB wanted, 2 are draining",
  },
  {
    name: "one is singular",
    rejections: {
      "are draining": 1,
      "have not enough free CPU: 256 units wanted": 1,
      "do not match the constraint on zone": 1,
    },
    expected:
      "0 of 3 nodes fit: 1 is draining, 1 does not match the constraint on zone, 1 has not enough free CPU: 256 units wanted",
  },
  {
    name: "what has no singular stays",
    rejections: { "refused this service lately": 1 },
    expected: "0 of 1 nodes fit: 1 refused this service lately",
  },
  { name: "no nodes at all", rejections: {}, expected: "there are no nodes" },
  {
    name: "zones",
    rejections: { "would exceed a skew of 1 by zone": 2 },
    noun: "zones",
    expected: "0 of 2 zones fit: 2 would exceed a skew of 1 by zone",
  },
])("$name", ({ rejections, noun, expected }) => {
  const counts = new Map(Object.entries(rejections));
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  expect(explain(counts, total, noun)).toBe(expected);
});
