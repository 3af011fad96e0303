import { expect, test } from "vitest";
import type { ServiceRow } from "../../../core/dispatch/due.ts";
import type { ServiceKey } from "../../../core/model/ids.ts";
import { suspectsAmong } from "../../../core/trouble/suspects.ts";

const nowMs = 1_000_000_000;
const minute = 60_000;

function aRow(name: string, given: Partial<ServiceRow> = {}): ServiceRow {
  return { key: `shop/${name}` as ServiceKey, generation: 1, observed: 1, ...given };
}

test.for<{ name: string; row: Partial<ServiceRow>; suspect: boolean }>([
  { name: "at rest", row: {}, suspect: false },
  { name: "due for five minutes", row: { dueAtMs: nowMs - 5 * minute }, suspect: false },
  { name: "due for longer", row: { dueAtMs: nowMs - 5 * minute - 1 }, suspect: true },
  { name: "due later", row: { dueAtMs: nowMs + minute }, suspect: false },
  { name: "accepted anew", row: { generation: 2 }, suspect: true },
  { name: "of which only the state is left", row: { generation: undefined as never }, suspect: false },
])("a service $name", ({ row, suspect }) => {
  expect(suspectsAmong([aRow("web", row)], nowMs)).toEqual(suspect ? ["shop/web"] : []);
});

test("those that waited longest come first, and no more than fifty", () => {
  const rows = Array.from({ length: 60 }, (_, index) => aRow(`s${index}`, { dueAtMs: nowMs - (10 + index) * minute }));
  const found = suspectsAmong(rows, nowMs);
  expect(found).toHaveLength(50);
  expect([found[0], found.at(-1)]).toEqual(["shop/s59", "shop/s10"]);
});

test("equally late ones come by their names", () => {
  const rows = ["b", "a"].map((name) => aRow(name, { dueAtMs: nowMs - 10 * minute }));
  expect(suspectsAmong(rows, nowMs)).toEqual(["shop/a", "shop/b"]);
});
