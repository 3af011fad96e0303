import { expect, test } from "vitest";
import { once } from "../../../core/model/once.ts";

const [a, b, none] = [["a"], ["b"], []] as const;

test.for<{ readonly name: string; readonly given: readonly (readonly string[])[]; readonly worked: readonly string[] }>(
  [
    { name: "the same value once", given: [a, a, a], worked: ["a"] },
    { name: "each value for itself", given: [a, b, a, b], worked: ["a", "b"] },
    { name: "an equal value again", given: [a, ["a"]], worked: ["a", "a"] },
    { name: "what came to nothing once too", given: [none, none], worked: [""] },
  ],
)("it works out $name", ({ given, worked }) => {
  const seen: string[] = [];
  const firstOf = once((list: readonly string[]) => {
    seen.push(list.join());
    return list[0];
  });
  expect(given.map(firstOf)).toEqual(given.map(([first]) => first));
  expect(seen).toEqual(worked);
});
