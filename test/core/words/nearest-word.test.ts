import { expect, test } from "vitest";
import { nearestWord } from "../../../core/words/nearest-word.ts";

test.for([
  { word: "replica", nearest: "replicas" },
  { word: "REPLICAS", nearest: "replicas" },
  { word: "trafic", nearest: "traffic" },
  { word: "tsak", nearest: "task" },
  { word: "minReadySecond", nearest: "minReadySeconds" },
  { word: "progresDeadlineSecs", nearest: "progressDeadlineSeconds" },
  { word: "taskxx", nearest: "task" },
  { word: "ta", nearest: "task" },
  { word: "taxi", nearest: "task" },
  { word: "taskxxx", nearest: undefined },
  { word: "t", nearest: undefined },
  { word: "zzz", nearest: undefined },
  { word: "xx", nearest: undefined },
  { word: "", nearest: undefined },
  { word: "r".repeat(65), nearest: undefined },
])("$word is nearest to $nearest", ({ word, nearest }) => {
  const known = ["by", "task", "replicas", "traffic", "minReadySeconds", "progressDeadlineSeconds"];
  expect(nearestWord(word, known)).toBe(nearest);
});

test("the first of two that are equally near wins", () => {
  expect(nearestWord("subnex", ["subnet", "subney"])).toBe("subnet");
});
