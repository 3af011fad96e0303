import { describe, expect, test } from "vitest";
import type { CallRecord, Stop } from "../../../core/model/records.ts";
import { troublesIn } from "../../../core/trouble/decide.ts";
import type { Budget, Signs, Suspect } from "../../../core/trouble/signs.ts";
import { aCall } from "../../support/drawn-plan.ts";
import { aSettings, key, nowMs } from "../../support/service.ts";
import { aSnapshot, nothingYet, type Told } from "../../support/snapshot.ts";

const minute = 60_000;

/** What a sweep told of these signs: `<kind> <about>: <message>`. */
function told(signs: Partial<Signs>): readonly string[] {
  const quiet: Signs = { nowMs, settings: aSettings(), deadLetters: [], budgets: [], suspects: [] };
  return troublesIn({ ...quiet, ...signs }).map(({ kind, about, message }) => `${kind} ${about}: ${message}`);
}

/** A service that was looked into; unless told its rollout has been on its way for a minute. */
function aSuspect(of: Told & { readonly paused?: boolean; readonly unsound?: string } = {}): Suspect {
  const { state, spec, calls, resumedAtMs } = aSnapshot({ progressDeadlineSeconds: 600, ...of });
  const { paused = false, unsound } = of;
  const read = {
    kind: "read",
    key,
    paused,
    resumedAtMs,
    calls,
    ...(unsound === undefined ? {} : { unsound }),
  } as const;
  return { ...read, spec, ...(state ? { state } : {}) };
}

test("nothing is no trouble", () => {
  expect(told({})).toEqual([]);
});

test("every trouble is told", () => {
  const deadLetters = [{ queue: "work-dead", messages: 1 }];
  const budgets = [{ sort: "budget#ecs-read", halvedUntilMs: nowMs + 1 }];
  const suspects: readonly Suspect[] = [{ kind: "unread", key, reason: "no answer" }];
  expect(told({ deadLetters, budgets, suspects }).map((line) => line.split(":")[0])).toEqual([
    "dead letters work-dead",
    "throttled ecs-read",
    "unreadable shop/web",
  ]);
});

describe("dead letters", () => {
  test.for([
    { name: "none", letters: { queue: "work-dead", messages: 0 }, tells: [] },
    { name: "one", letters: { queue: "work-dead", messages: 1 }, tells: ["it holds 1 message that could not"] },
    { name: "some", letters: { queue: "work-dead", messages: 3 }, tells: ["it holds 3 messages that could not"] },
    {
      name: "not to be read",
      letters: { queue: "work-dead", unread: "AccessDenied: no" },
      tells: ["it could not be read: AccessDenied: no; see that it exists"],
    },
  ])("$name", ({ letters, tells }) => {
    expect(told({ deadLetters: [letters] })).toEqual(
      tells.map((tell) => expect.stringContaining(`dead letters work-dead: ${tell}`)),
    );
  });
});

describe("an account", () => {
  test.for<{ name: string; budget: Partial<Budget>; tells: readonly string[] }>([
    {
      name: "that throttled within the last minute",
      budget: { halvedUntilMs: nowMs + 1 },
      tells: ["throttled ecs-modify"],
    },
    { name: "that throttled before", budget: { halvedUntilMs: nowMs }, tells: [] },
    { name: "that never did", budget: {}, tells: [] },
    { name: "that is used up", budget: { windowMs: nowMs - 30_000, used: 32 }, tells: ["saturated ecs-modify"] },
    { name: "of which one call is left", budget: { windowMs: nowMs - 30_000, used: 31 }, tells: [] },
    { name: "that was used up a while ago", budget: { windowMs: nowMs - 30_001, used: 32 }, tells: [] },
    {
      name: "of which another bucket is used up",
      budget: { sort: "budget#ecs-read", windowMs: nowMs, used: 99 },
      tells: [],
    },
  ])("$name, with a service that waits for eleven minutes", ({ budget, tells }) => {
    const waiting = aSuspect({ state: { waitShard: "main#1", dueAtMs: nowMs - 11 * minute } });
    const lines = told({ budgets: [{ sort: "budget#ecs-modify", ...budget }], suspects: [waiting] });
    expect(lines.map((line) => line.split(":")[0])).toEqual(tells);
  });

  const usedUp = [{ sort: "budget#ecs-modify", windowMs: nowMs, used: 32 }];
  const placed = (status: "True" | "False") =>
    [{ type: "Placed", status, reason: "x", message: "1 of 2 tasks have no place", sinceMs: 1 }] as const;
  test.for<{ name: string; service: Parameters<typeof aSuspect>[0]; saturated: boolean }>([
    { name: "for ten minutes", service: { state: { waitShard: "m", dueAtMs: nowMs - 10 * minute } }, saturated: false },
    { name: "for longer", service: { state: { waitShard: "m", dueAtMs: nowMs - 10 * minute - 1 } }, saturated: true },
    { name: "for something else", service: { state: { dueAtMs: nowMs - 11 * minute } }, saturated: false },
    {
      name: "with a place",
      service: { state: { waitShard: "m", dueAtMs: nowMs - 11 * minute, conditions: placed("True") } },
      saturated: true,
    },
    {
      name: "for a place",
      service: { state: { waitShard: "m", dueAtMs: nowMs - 11 * minute, conditions: placed("False") } },
      saturated: false,
    },
    {
      name: "paused",
      service: { paused: true, state: { waitShard: "m", dueAtMs: nowMs - 11 * minute } },
      saturated: false,
    },
  ])("that is used up is trouble while a service waits: $name", ({ service, saturated }) => {
    expect(told({ budgets: usedUp, suspects: [aSuspect(service)] })).toEqual(
      saturated ? [expect.stringContaining("1 service, shop/web among them, waited for more than 10 minutes")] : [],
    );
  });
});

describe("a service", () => {
  const only = (of: Parameters<typeof aSuspect>[0]) => told({ suspects: [aSuspect(of)] });

  test("that could not be read", () => {
    const suspects: readonly Suspect[] = [{ kind: "unread", key, reason: "the table was not there" }];
    expect(told({ suspects })).toEqual([
      expect.stringContaining("unreadable shop/web: its records could not be read: the table was not there"),
    ]);
  });

  test("of which a record is unsound: nothing else is told of it", () => {
    expect(only({ unsound: "state is damaged: stops must be a map", plan: "none", spec: { acceptedAtMs: 1 } })).toEqual(
      [expect.stringContaining("it is left alone, and what runs of it goes on: state is damaged")],
    );
  });

  const accepted = (agoMs: number) => ({ spec: { generation: 4, acceptedAtMs: nowMs - agoMs } });
  test.for<{ name: string; of: Parameters<typeof aSuspect>[0]; behind: string | undefined }>([
    { name: "nobody decided about for five minutes", of: accepted(5 * minute), behind: undefined },
    {
      name: "nobody decided about for longer",
      of: accepted(7 * minute),
      behind: "generation 4 was accepted 7 minutes ago",
    },
    {
      name: "without a state",
      of: { ...accepted(6 * minute), plan: "none" },
      behind: "generation 4 was accepted 6 minutes",
    },
    {
      name: "with a state of an earlier life",
      of: { ...accepted(6 * minute), state: { generation: 4, uid: "old" } },
      behind: "generation 4",
    },
    { name: "that was decided about", of: { ...accepted(7 * minute), state: { generation: 4 } }, behind: undefined },
    { name: "that was resumed since", of: { ...accepted(7 * minute), resumedAtMs: nowMs - minute }, behind: undefined },
    { name: "that is paused", of: { ...accepted(7 * minute), paused: true }, behind: undefined },
  ])("behind: $name", ({ of, behind }) => {
    expect(only(of)).toEqual(behind === undefined ? [] : [expect.stringContaining(`behind shop/web: ${behind}`)]);
  });

  const failure = (outcome: "paused" | "rolled back") =>
    ({
      attempt: 1,
      revision: "v1",
      startedAtMs: 1,
      failure: { reason: "BreakerTripped", message: "x", atMs: 1, outcome },
    }) as never;
  const since = (agoMs: number) => ({ progress: { ...nothingYet, atMs: nowMs - agoMs } });
  const leaves: Stop = { phase: "leaving", why: "replaced", atMs: nowMs, tries: 0 };
  test.for<{ name: string; of: Parameters<typeof aSuspect>[0]; stuck: string | undefined }>([
    { name: "two minutes past its deadline", of: { state: since(12 * minute) }, stuck: undefined },
    {
      name: "further past its deadline",
      of: { state: since(17 * minute) },
      stuck: "its rollout, generation 1, has made no progress for 17 minutes (10 minutes are allowed)",
    },
    { name: "complete", of: { state: { progress: { ...nothingYet, atMs: 1, complete: true } } }, stuck: undefined },
    { name: "resumed since", of: { state: since(17 * minute), resumedAtMs: nowMs - minute }, stuck: undefined },
    { name: "of a service that is paused", of: { state: since(17 * minute), paused: true }, stuck: undefined },
    { name: "held by somebody", of: { state: since(17 * minute), spec: { rolloutPaused: true } }, stuck: undefined },
    {
      name: "failed, and left as it is",
      of: { state: { ...since(17 * minute), rollout: failure("paused") } },
      stuck: undefined,
    },
    {
      name: "on its way back",
      of: { state: { ...since(17 * minute), rollout: failure("rolled back") } },
      stuck: "its way back, generation 1,",
    },
    {
      name: "rolled back",
      of: { state: { progress: { ...nothingYet, atMs: 1, complete: true }, rollout: failure("rolled back") } },
      stuck: undefined,
    },
    {
      name: "waiting for tasks that leave",
      of: { state: { ...since(17 * minute), stops: { t0: leaves } } },
      stuck: undefined,
    },
    { name: "of a service that is deleted", of: { state: since(17 * minute), deleting: true }, stuck: undefined },
  ])("stuck rollout: $name", ({ of, stuck }) => {
    expect(only(of)).toEqual(stuck === undefined ? [] : [expect.stringContaining(`stuck rollout shop/web: ${stuck}`)]);
  });

  test("a rollout is stuck for what its user is told", () => {
    const conditions = [
      { type: "Available", status: "False", reason: "x", message: "0 of 3 tasks are available", sinceMs: 1 },
      { type: "Placed", status: "False", reason: "x", message: "3 of 3 tasks have no place: no node", sinceMs: 1 },
    ] as const;
    expect(only({ state: { ...since(17 * minute), conditions } })[0]).toContain(
      "3 of 3 tasks have no place: no node; make room, change its spec, or cancel the rollout",
    );
  });

  const sent = (agoMs: number, given: Partial<CallRecord> = {}) =>
    aCall(7, { phase: "sent", firstSentAtMs: nowMs - agoMs, members: [{ slot: 0 }, { slot: 1 }], tries: 5, ...given });
  test.for<{ name: string; calls: readonly CallRecord[]; unsettled: string | undefined }>([
    { name: "open for ten minutes", calls: [sent(10 * minute)], unsettled: undefined },
    {
      name: "open for longer",
      calls: [sent(12 * minute)],
      unsettled: "call 7, a RunTask of 2 tasks, has had no answer for 12 minutes (5 tries)",
    },
    { name: "settling for longer", calls: [sent(12 * minute, { phase: "settling" })], unsettled: "call 7," },
    { name: "answered", calls: [sent(12 * minute, { phase: "answered" })], unsettled: undefined },
    {
      name: "two of them",
      calls: [sent(12 * minute), sent(14 * minute, { seq: 6 })],
      unsettled: "call 6 and 1 other,",
    },
  ])("unsettled call: $name", ({ calls, unsettled }) => {
    const suspect = { ...aSuspect({ state: { progress: { ...nothingYet, complete: true } } }), calls } as Suspect;
    expect(told({ suspects: [suspect] })).toEqual(
      unsettled === undefined ? [] : [expect.stringContaining(`unsettled call shop/web: ${unsettled}`)],
    );
  });

  const stopping = (tries: number, given: Partial<Stop> = {}): Stop => ({
    phase: "stopping",
    why: "deleted",
    atMs: 1,
    tries,
    ...given,
  });
  test.for<{
    name: string;
    stops: Readonly<Record<string, Stop>>;
    containers?: readonly number[];
    stuck: string | undefined;
  }>([
    { name: "after ten tries", stops: { t0: stopping(10) }, stuck: undefined },
    { name: "after eleven", stops: { t0: stopping(11) }, stuck: "task t0 has not stopped after 11 StopTasks" },
    { name: "that only leaves", stops: { t0: stopping(11, { phase: "leaving" }) }, stuck: undefined },
    {
      name: "two of them",
      stops: { t0: stopping(11), t1: stopping(12) },
      stuck: "task t0 and 1 other has not stopped",
    },
    {
      name: "of containers that may take ten minutes, after nineteen tries",
      stops: { t0: stopping(19) },
      containers: [570, 30],
      stuck: undefined,
    },
    {
      name: "of such, after one more",
      stops: { t0: stopping(20) },
      containers: [570, 30],
      stuck: "task t0 has not stopped after 20 StopTasks",
    },
  ])("stuck stop: $name", ({ stops, stuck, containers = [30] }) => {
    const suspect = aSuspect({ state: { stops } });
    if (suspect.kind !== "read" || suspect.spec === undefined) throw new Error("it has a spec");
    const spec = structuredClone(suspect.spec);
    const [container] = spec.manifest.spec.task.containers;
    const stopping = containers.map((stopTimeoutSeconds) => ({ ...container, stopTimeoutSeconds }));
    Object.assign(spec.manifest.spec.task, { containers: stopping });
    expect(told({ suspects: [{ ...suspect, spec }] })).toEqual(
      stuck === undefined ? [] : [expect.stringContaining(`stuck stop shop/web: ${stuck}`)],
    );
  });
});
