import { describe, expect, test } from "vitest";
import { pageOf } from "../../../sim/ecs/pages.ts";
import { refusal } from "./world.ts";

/** Capital letters are there and not shown. */
const page = (items: string, input: { maxResults?: number; nextToken?: string }) => {
  const shows = (item: string) => item === item.toLowerCase();
  const { items: shown, nextToken } = pageOf({ all: [...items], keyOf: (item) => item, shows }, input);
  return `${shown.join("")} ${nextToken.nextToken ?? "-"}`;
};

describe("a page", () => {
  test.for([
    { name: "everything", items: "abc", input: {}, shown: "abc -" },
    { name: "nothing", items: "", input: {}, shown: " -" },
    { name: "the first", items: "abc", input: { maxResults: 2 }, shown: "ab b" },
    { name: "the last", items: "abc", input: { maxResults: 2, nextToken: "b" }, shown: "c -" },
    { name: "exactly all", items: "abc", input: { maxResults: 3 }, shown: "abc -" },
    { name: "in the middle", items: "abcd", input: { maxResults: 1, nextToken: "b" }, shown: "c c" },
    { name: "what came behind it meanwhile", items: "abcd", input: { nextToken: "c" }, shown: "d -" },
    { name: "behind one that is not shown any more", items: "aBc", input: { nextToken: "B" }, shown: "c -" },
    { name: "no more than what is shown", items: "abC", input: { maxResults: 2 }, shown: "ab -" },
    { name: "after the last", items: "abc", input: { nextToken: "c" }, shown: " -" },
  ])("$name: $shown", ({ items, input, shown }) => {
    expect(page(items, input)).toBe(shown);
  });

  test("has 100 items by default", () => {
    const all = Array.from({ length: 101 }, (_, index) => index);
    expect(pageOf({ all, keyOf: String }, {})).toMatchObject({
      items: all.slice(0, 100),
      nextToken: { nextToken: "99" },
    });
  });

  test.for([
    { input: { maxResults: 0 }, refused: "InvalidParameterException: maxResults must be 1 to 100, got 0" },
    { input: { maxResults: 101 }, refused: "InvalidParameterException: maxResults must be 1 to 100, got 101" },
    { input: { maxResults: 100 }, refused: "-" },
    { input: { nextToken: "z" }, refused: "InvalidParameterException: Invalid token." },
  ])("$input: $refused", ({ input, refused }) => {
    expect(refusal(() => page("abc", input))).toBe(refused);
  });
});
