import { expect, test } from "vitest";
import { orList } from "../../../core/words/or-list.ts";

test.for([
  { words: [], told: "nothing" },
  { words: ["a"], told: "a" },
  { words: ["a", "b"], told: "a or b" },
  { words: ["a", "b", "c"], told: "a, b or c" },
])("$words.length words: $told", ({ words, told }) => {
  expect(orList(words)).toBe(told);
});
