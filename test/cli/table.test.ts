import { describe, expect, test } from "vitest";
import { table } from "../../cli/table.ts";

const rows = [
  ["SERVICE", "STATUS", "TASKS"],
  ["shop/web", "live", "3 of 3 tasks are available"],
  ["shop/checkout-api", "rolling out", "1 of 3"],
];

describe("a table", () => {
  test("has columns as wide as their widest cell, and no blanks at a line's end", () => {
    expect(table(rows, { columns: Number.POSITIVE_INFINITY })).toMatchInlineSnapshot(`
      "SERVICE            STATUS       TASKS
      shop/web           live         3 of 3 tasks are available
      shop/checkout-api  rolling out  1 of 3
      "
    `);
  });

  test("that does not fit cuts its widest column first", () => {
    expect(table(rows, { columns: 50 })).toMatchInlineSnapshot(`
      "SERVICE            STATUS       TASKS
      shop/web           live         3 of 3 tasks are …
      shop/checkout-api  rolling out  1 of 3
      "
    `);
  });

  test("wraps its last column below itself", () => {
    expect(table(rows.slice(1), { columns: 48, indent: "  ", wrapLast: true })).toMatchInlineSnapshot(`
      "  shop/web         live         3 of 3 tasks are
                                      available
        shop/checkout-…  rolling out  1 of 3
      "
    `);
  });

  test.for([20, 30, 40, 60, 100])("is never wider than %i columns, unless nothing would be left to read", (columns) => {
    const lines = table(rows, { columns }).split("\n");
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(Math.max(columns, 3 * 6 + 4));
  });

  describe("that does not fit leaves out what is expendable, and no more of it than it has to", () => {
    const wide = [["aaaaaaaa", "bbbbbbbb", "cccccccc", "some words"]];
    test.for([
      { name: "all of it fits", columns: 40, is: "aaaaaaaa  bbbbbbbb  cccccccc  some words\n" },
      { name: "one is left out", columns: 39, is: "aaaaaaaa  bbbbbbbb  some words\n" },
      { name: "both are", columns: 29, is: "aaaaaaaa  some words\n" },
      { name: "the rest is cut", columns: 18, is: "aaaaaaaa  some wo…\n" },
    ])("$name", ({ columns, is }) => {
      expect(table(wide, { columns, expendable: [2, 1] })).toBe(is);
    });

    test("the last column may wrap instead, down to where it can be read", () => {
      const told = "a sentence that is longer than thirty characters";
      const options = { wrapLast: true, expendable: [0] };
      expect(table([["aaaaaaaa", told]], { columns: 40, ...options })).toContain("aaaaaaaa  a sentence");
      expect(table([["aaaaaaaa", told]], { columns: 39, ...options })).not.toContain("aaaaaaaa");
    });
  });

  test("of nothing is nothing", () => {
    expect(table([], { columns: 80 })).toBe("");
  });
});
