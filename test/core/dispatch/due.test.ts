import { describe, expect, test } from "vitest";
import { attentionFor, isAuditTurn, joinRows, type ServiceRow } from "../../../core/dispatch/due.ts";
import type { ServiceKey } from "../../../core/model/ids.ts";
import { indexShards } from "../../../core/model/names.ts";
import { nowMs } from "../../support/service.ts";

const key = "shop/web" as ServiceKey;
const minute = 60_000;

describe("rows of an index shard", () => {
  test.for<{ name: string; rows: readonly string[]; joined: readonly Partial<ServiceRow>[] }>([
    { name: "none", rows: [], joined: [] },
    { name: "a spec that has no state yet", rows: ["shop/web#spec#3"], joined: [{ generation: 3, isPolled: false }] },
    {
      name: "a state that waits for nothing",
      rows: ["shop/web#state#3#-#-"],
      joined: [{ observed: 3, isPolled: false }],
    },
    {
      name: "both, in either order",
      rows: ["shop/web#state#2#5000#poll", "shop/web#spec#3"],
      joined: [{ generation: 3, observed: 2, dueAtMs: 5000, isPolled: true }],
    },
    {
      name: "the spec first",
      rows: ["shop/web#spec#3", "shop/web#state#2#5000#poll"],
      joined: [{ generation: 3, observed: 2, dueAtMs: 5000, isPolled: true }],
    },
    {
      name: "something may be due at 0",
      rows: ["shop/web#state#2#0#-"],
      joined: [{ observed: 2, dueAtMs: 0, isPolled: false }],
    },
  ])("$name", ({ rows, joined }) => {
    expect(joinRows(rows)).toEqual(joined.map((row) => ({ key, ...row })));
  });

  test("are told apart by their service", () => {
    expect(joinRows(["shop/api#spec#1", "shop/web#spec#2", "shop/api#state#1#-#-"])).toEqual([
      { key: "shop/api", generation: 1, observed: 1, isPolled: false },
      { key: "shop/web", generation: 2, isPolled: false },
    ]);
  });
});

describe("attention for a service", () => {
  const settled = { generation: 2, observed: 2, isPolled: false };
  test.for<{ name: string; row: Omit<ServiceRow, "key">; attention: string }>([
    { name: "none when it is settled", row: settled, attention: "rest" },
    { name: "its health is asked for when no event tells it", row: { ...settled, isPolled: true }, attention: "poll" },
    {
      name: "it is chased when nobody has looked at it yet",
      row: { generation: 1, isPolled: false },
      attention: "chase",
    },
    { name: "it is chased when its spec changed since", row: { ...settled, generation: 3 }, attention: "chase" },
    { name: "also when it is polled", row: { ...settled, generation: 3, isPolled: true }, attention: "chase" },
    { name: "nothing before it is due", row: { ...settled, dueAtMs: nowMs + 1 }, attention: "rest" },
    {
      name: "it is polled before it is due",
      row: { ...settled, isPolled: true, dueAtMs: nowMs + 1 },
      attention: "poll",
    },
    {
      name: "it is chased from when it is due",
      row: { ...settled, isPolled: true, dueAtMs: nowMs },
      attention: "chase",
    },
    { name: "for ten minutes", row: { ...settled, dueAtMs: nowMs - 10 * minute + 1 }, attention: "chase" },
    { name: "later it is woken once a minute", row: { ...settled, dueAtMs: nowMs - 10 * minute }, attention: "wake" },
    { name: "it may have been due from 0", row: { ...settled, dueAtMs: 0 }, attention: "wake" },
  ])("$name", ({ row, attention }) => {
    expect(attentionFor({ key, ...row }, nowMs)).toBe(attention);
  });
});

test("each shard is audited once in any ten minutes", () => {
  for (let shard = 0; shard < indexShards; shard += 1) {
    const turns = Array.from({ length: 10 }, (_, index) => isAuditTurn(shard, nowMs + index * minute));
    expect(turns.filter(Boolean)).toHaveLength(1);
    expect(isAuditTurn(shard, nowMs + 10 * minute)).toBe(isAuditTurn(shard, nowMs));
  }
  expect(isAuditTurn(3, 3 * minute)).toBe(true);
  expect(isAuditTurn(13, 3 * minute + 59_999)).toBe(true);
  expect(isAuditTurn(3, 4 * minute)).toBe(false);
});
