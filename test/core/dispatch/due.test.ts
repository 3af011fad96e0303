import { describe, expect, test } from "vitest";
import { attentionFor, isAuditTurn, joinRows, type ServiceRow, wakeDelays } from "../../../core/dispatch/due.ts";
import type { ServiceKey } from "../../../core/model/ids.ts";
import { indexShards } from "../../../core/model/names.ts";
import { nowMs } from "../../support/service.ts";

const key = "shop/web" as ServiceKey;
const minute = 60_000;

describe("rows of an index shard", () => {
  test.for<{ name: string; rows: readonly string[]; joined: readonly Partial<ServiceRow>[] }>([
    { name: "none", rows: [], joined: [] },
    { name: "a spec that has no state yet", rows: ["shop/web#spec#3"], joined: [{ generation: 3 }] },
    {
      name: "a state that waits for nothing",
      rows: ["shop/web#state#3#-#-"],
      joined: [{ observed: 3 }],
    },
    {
      name: "both, in either order",
      rows: ["shop/web#state#2#5000#30", "shop/web#spec#3"],
      joined: [{ generation: 3, observed: 2, dueAtMs: 5000, pollSeconds: 30 }],
    },
    {
      name: "the spec first",
      rows: ["shop/web#spec#3", "shop/web#state#2#5000#300"],
      joined: [{ generation: 3, observed: 2, dueAtMs: 5000, pollSeconds: 300 }],
    },
    {
      name: "something may be due at 0",
      rows: ["shop/web#state#2#0#-"],
      joined: [{ observed: 2, dueAtMs: 0 }],
    },
    {
      name: "one written before polls had seconds is polled each minute",
      rows: ["shop/web#state#2#-#poll"],
      joined: [{ observed: 2, pollSeconds: 60 }],
    },
    {
      name: "one written before there were polls is not",
      rows: ["shop/web#state#2#-"],
      joined: [{ observed: 2 }],
    },
    {
      name: "a poll that cannot be is one each minute",
      rows: ["shop/web#state#2#-#0.5"],
      joined: [{ observed: 2, pollSeconds: 60 }],
    },
  ])("$name", ({ rows, joined }) => {
    expect(joinRows(rows)).toEqual(joined.map((row) => ({ key, ...row })));
  });

  test("are told apart by their service", () => {
    expect(joinRows(["shop/api#spec#1", "shop/web#spec#2", "shop/api#state#1#-#-"])).toEqual([
      { key: "shop/api", generation: 1, observed: 1 },
      { key: "shop/web", generation: 2 },
    ]);
  });
});

describe("attention for a service", () => {
  const settled = { generation: 2, observed: 2 };
  test.for<{ name: string; row: Omit<ServiceRow, "key">; attention: string }>([
    { name: "none when it is settled", row: settled, attention: "rest" },
    { name: "its health is asked for when no event tells it", row: { ...settled, pollSeconds: 60 }, attention: "poll" },
    { name: "also more often", row: { ...settled, pollSeconds: 5 }, attention: "poll" },
    {
      name: "it is chased when nobody has looked at it yet",
      row: { generation: 1 },
      attention: "chase",
    },
    { name: "it is chased when its spec changed since", row: { ...settled, generation: 3 }, attention: "chase" },
    { name: "also when it is polled", row: { ...settled, generation: 3, pollSeconds: 60 }, attention: "chase" },
    { name: "nothing before it is due", row: { ...settled, dueAtMs: nowMs + 1 }, attention: "rest" },
    {
      name: "it is polled before it is due",
      row: { ...settled, pollSeconds: 60, dueAtMs: nowMs + 1 },
      attention: "poll",
    },
    {
      name: "it is chased from when it is due",
      row: { ...settled, pollSeconds: 60, dueAtMs: nowMs },
      attention: "chase",
    },
    { name: "for ten minutes", row: { ...settled, dueAtMs: nowMs - 10 * minute + 1 }, attention: "chase" },
    { name: "later it is woken once a minute", row: { ...settled, dueAtMs: nowMs - 10 * minute }, attention: "wake" },
    { name: "it may have been due from 0", row: { ...settled, dueAtMs: 0 }, attention: "wake" },
  ])("$name", ({ row, attention }) => {
    expect(attentionFor({ key, ...row }, nowMs)).toBe(attention);
  });
});

describe("a poll less often than each minute", () => {
  const polled = (name: string, pollSeconds: number): ServiceRow => ({
    key: name as ServiceKey,
    generation: 1,
    observed: 1,
    pollSeconds,
  });
  /** The minutes, of an hour, in which it is looked at. */
  const turnsOf = (service: ServiceRow) =>
    Array.from({ length: 60 }, (_, index) => index).filter(
      (index) => attentionFor(service, nowMs + index * minute) === "poll",
    );

  test.for([
    { seconds: 61, turns: 59 },
    { seconds: 90, turns: 40 },
    { seconds: 120, turns: 30 },
    { seconds: 300, turns: 12 },
  ])("of $seconds s comes $turns times an hour, evenly", ({ seconds, turns }) => {
    const found = turnsOf(polled("shop/web", seconds));
    expect(found).toHaveLength(turns);
    const gaps = found.slice(1).map((index, before) => index - (found[before] ?? 0));
    for (const gap of gaps) expect([Math.floor(seconds / 60), Math.ceil(seconds / 60)]).toContain(gap);
  });

  test("of 60 s comes each minute", () => {
    expect(turnsOf(polled("shop/web", 60))).toHaveLength(60);
  });

  test("is not of all services at once", () => {
    const firstTurns = ["a", "b", "c", "d", "e", "f"].map((name) => turnsOf(polled(`shop/${name}`, 300))[0]);
    expect(new Set(firstTurns).size).toBeGreaterThan(1);
  });

  test("does not keep a service from what it needs otherwise", () => {
    const delays = Array.from({ length: 5 }, (_, index) =>
      wakeDelays({ ...polled("shop/web", 300), generation: 2 }, nowMs + index * minute),
    );
    expect(delays).toEqual(Array.from({ length: 5 }, () => [0, 30]));
  });
});

describe("when the sweep wakes a service", () => {
  const settled = { key, generation: 1, observed: 1 };
  const chased = { key, generation: 2, observed: 1 };
  const overdue = { ...settled, dueAtMs: nowMs - 10 * minute };
  test.for<{ name: string; service: ServiceRow; delays: readonly number[] }>([
    { name: "at rest: never", service: settled, delays: [] },
    { name: "on its way: now and in half a minute", service: chased, delays: [0, 30] },
    { name: "long overdue: now", service: overdue, delays: [0] },
    { name: "polled each minute: never, it looks itself", service: { ...settled, pollSeconds: 60 }, delays: [] },
    { name: "polled less often: never", service: { ...settled, pollSeconds: 300 }, delays: [] },
    { name: "polled twice: once", service: { ...settled, pollSeconds: 30 }, delays: [30] },
    { name: "a minute is no multiple of its poll", service: { ...settled, pollSeconds: 25 }, delays: [25, 50] },
    { name: "barely more often than each minute", service: { ...settled, pollSeconds: 59 }, delays: [59] },
    {
      name: "polled as often as can be",
      service: { ...settled, pollSeconds: 5 },
      delays: [5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55],
    },
    {
      name: "never more often",
      service: { ...settled, pollSeconds: 1 },
      delays: [5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55],
    },
    { name: "on its way and polled: both", service: { ...chased, pollSeconds: 20 }, delays: [0, 20, 30, 40] },
    { name: "no moment twice", service: { ...chased, pollSeconds: 15 }, delays: [0, 15, 30, 45] },
    { name: "overdue and polled: both", service: { ...overdue, pollSeconds: 30 }, delays: [0, 30] },
  ])("$name", ({ service, delays }) => {
    expect(wakeDelays(service, nowMs)).toEqual(delays);
  });

  test("at most 12 times a minute, in whole seconds, whatever it is polled and waits for", () => {
    for (let pollSeconds = 1; pollSeconds <= 300; pollSeconds += 1)
      for (const service of [settled, chased, overdue]) {
        const delays = wakeDelays({ ...service, pollSeconds }, nowMs);
        expect(delays.length).toBeLessThanOrEqual(12);
        expect(delays.every((delay) => Number.isInteger(delay) && delay >= 0 && delay < 60)).toBe(true);
      }
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
