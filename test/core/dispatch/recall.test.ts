import { expect, test } from "vitest";
import type { ServiceRow } from "../../../core/dispatch/due.ts";
import { mayRecall } from "../../../core/dispatch/recall.ts";
import type { ServiceKey } from "../../../core/model/ids.ts";
import { shardOf } from "../../../core/model/names.ts";

const key = "shop/web" as ServiceKey;
const minute = 60_000;
/** Just after its turn of the audit. */
const nowMs = ((shardOf(key) % 10) + 1) * minute;
const row: ServiceRow = { key, generation: 2, observed: 2, pollSeconds: 60 };

test.for<{ name: string; before?: ServiceRow; now?: Partial<ServiceRow>; atMs?: number; may: boolean }>([
  { name: "as it was", before: row, may: true },
  { name: "nothing is remembered", may: false },
  { name: "it is observed anew", before: row, now: { generation: 3, observed: 3 }, may: false },
  { name: "it is polled more often", before: row, now: { pollSeconds: 20 }, may: false },
  { name: "it is due, as it was", before: { ...row, dueAtMs: 1 }, now: { dueAtMs: 1 }, may: false },
  { name: "its spec is newer, as it was", before: { ...row, generation: 3 }, now: { generation: 3 }, may: false },
  { name: "it is its turn of the audit", before: row, atMs: nowMs - minute, may: false },
  { name: "its next turn is nine minutes away", before: row, atMs: nowMs + 8 * minute, may: true },
])("$name: $may", ({ before, now = {}, atMs = nowMs, may }) => {
  expect(mayRecall(before, { ...row, ...now }, atMs)).toBe(may);
});
