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

  test("of nothing is nothing", () => {
    expect(table([], { columns: 80 })).toBe("");
  });
});
