import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mayStartAgain, type Startable, startable } from "../../../core/dispatch/service-view.ts";
import type { Revision } from "../../../core/model/ids.ts";
import { isLive } from "../../../core/model/living.ts";
import type { Plan, PlannedSet } from "../../../core/model/records.ts";
import { indicesOf, slotsOf } from "../../../core/model/slots.ts";
import { aStop, drawPlan } from "../../support/drawn-plan.ts";
import { nowMs } from "../../support/service.ts";
import { aView, type Viewed } from "../../support/service-view.ts";

const v1 = "v1" as Revision;

function planWith(changes: Partial<Plan>): NonNullable<Viewed["state"]> {
  return { plan: { ...drawPlan("v1:0-2 max 3"), ...changes } };
}

function rendered(starts: readonly Startable[]): string {
  return starts.map(({ set, slots }) => `${set.revision}:${slotsOf(slots)}`).join(" ");
}

/** Two sets: the slots of one revision, then those of the other. */
const twoSets = {
  state: {
    plan: {
      ...drawPlan("v1:0-2 max 4"),
      sets: [...drawPlan("v1:0-2 max 4").sets, ...drawPlan("v2:0-2 max 4").sets],
    },
    held: { tasks: 9, cpuUnits: 0, memoryMib: 0 },
  },
};

/** The plan of two sets, with a change of the second. */
function withSecond(change: Partial<PlannedSet>): Plan {
  const { plan } = twoSets.state;
  return { ...plan, sets: plan.sets.map((set, index) => (index === 1 ? { ...set, ...change } : set)) };
}

const backOff = { revision: v1, failures: 1, lastFailureAtMs: nowMs - 1000 };

describe("a slot may start", () => {
  test.for<{ name: string; view: Viewed; starts: string }>([
    { name: "when nothing stands against it", view: {}, starts: "v1:0-2" },
    { name: "only if it is in the plan", view: { plan: "v1:1,4 max 3" }, starts: "v1:1,4" },
    { name: "not while there is no plan", view: { plan: "max 3" }, starts: "" },
    { name: "not of a barred revision", view: { state: planWith({ barred: [v1] }) }, starts: "" },
    {
      name: "while another revision is barred",
      view: { state: planWith({ barred: ["v0" as Revision] }) },
      starts: "v1:0-2",
    },
    { name: "not with a live task", view: { tasks: "v1/0 v1/2?" }, starts: "v1:1" },
    { name: "not with a task that is on its way out", view: { tasks: "v1/1<stopping v1/2^" }, starts: "v1:0" },
    { name: "with a task that stopped", view: { tasks: "v1/0- v1/1" }, starts: "v1:0,2" },
    { name: "with a task that is out of reach", view: { tasks: "v1/0<abandoned v1/1" }, starts: "v1:0,2" },
    {
      name: "with a live task of another revision in it",
      view: { tasks: "v0/0", plan: "v1:0-2 max 9", state: { held: { tasks: 9, cpuUnits: 0, memoryMib: 0 } } },
      starts: "v1:0-2",
    },
    { name: "not with a call that was sent", view: { calls: "sent v1/1" }, starts: "v1:0,2" },
    { name: "not with a call that is settling", view: { calls: "settling v1/0 2" }, starts: "v1:1" },
    { name: "with a call that was void", view: { calls: "void v1/0" }, starts: "v1:0-2" },
    {
      name: "with a call of another revision in it, up to what may live",
      view: { calls: "sent v0/0 1" },
      starts: "v1:0",
    },
    { name: "up to maxLive", view: { plan: "v1:0-2 max 2" }, starts: "v1:0-1" },
    { name: "up to maxLive, live tasks counted", view: { plan: "v1:0-3 max 2", tasks: "v1/3" }, starts: "v1:0" },
    {
      name: "up to maxLive, tasks out of the plan counted",
      view: { plan: "v1:0-2 max 3", tasks: "v0/0 v0/1" },
      starts: "v1:0",
    },
    {
      name: "up to maxLive, members of open calls counted",
      view: { plan: "v1:0-4 max 3", calls: "sent v1/4 3", replicas: 5 },
      starts: "v1:0",
    },
    {
      name: "and a member of an open call counts once, seen or not",
      view: { plan: "v1:0-4 max 3", calls: "sent v1/4 3", tasks: "v1<of1", replicas: 5 },
      starts: "v1:0",
    },
    {
      name: "up to maxLive, without those that a smaller count told to leave",
      view: { plan: "v1:0-2 max 3", tasks: "v1/7<leaving v1/8<leaving" },
      starts: "v1:0-2",
    },
    {
      name: "up to maxLive, with those that were replaced and leave",
      view: {
        plan: "v1:0-2 max 3",
        tasks: "v1/7<leaving v1/8<leaving",
        state: { stops: { t0: aStop({ why: "replaced" }), t1: aStop({ why: "unhealthy" }) } },
      },
      starts: "v1:0",
    },
    { name: "not while more live than may", view: { plan: "v1:0-2 max 1", tasks: "v0/0 v0/1" }, starts: "" },
    {
      name: "not beyond the held quota",
      view: { state: { held: { tasks: 1, cpuUnits: 0, memoryMib: 0 } } },
      starts: "v1:0",
    },
    {
      name: "not beyond the held quota, live tasks counted",
      view: { state: { held: { tasks: 1, cpuUnits: 0, memoryMib: 0 } }, tasks: "v0/0" },
      starts: "",
    },
    { name: "not before the back-off ends", view: { set: { notBeforeMs: nowMs + 1 } }, starts: "" },
    { name: "not before a failure is counted", view: { tasks: "v1/0-+1", restart: {} }, starts: "" },
    {
      name: "once a failure is counted",
      view: { tasks: "v1/0-+1", restart: {}, state: { backOffs: [backOff] } },
      starts: "v1:0-2",
    },
    {
      name: "beside an uncounted failure of another revision",
      view: { tasks: "v0/0-+1", restart: {} },
      starts: "v1:0-2",
    },
    { name: "as soon as the back-off ends", view: { set: { notBeforeMs: nowMs } }, starts: "v1:0-2" },
    {
      name: "of one set while another waits",
      view: { state: { ...twoSets.state, plan: withSecond({ notBeforeMs: nowMs + 1 }) } },
      starts: "v1:0-2",
    },
    {
      name: "of one set while another's failure is not counted",
      view: { ...twoSets, tasks: "v1/0-+1", restart: {} },
      starts: "v2:0-2",
    },
    {
      name: "of both, once each failure is counted",
      view: { state: { ...twoSets.state, backOffs: [backOff] }, tasks: "v1/0-+1", restart: {} },
      starts: "v1:0-2 v2:0",
    },
    {
      name: "though it failed before it was tried anew",
      view: {
        tasks: "v1/0-+2",
        restart: {},
        state: { rollout: { attempt: 2, revision: v1, startedAtMs: nowMs - 1000 } },
      },
      starts: "v1:0-2",
    },
    { name: "not while something above it is paused", view: { paused: true }, starts: "" },
    { name: "not of a service that is deleted", view: { state: { tombstone: true } }, starts: "" },
    { name: "in several sets, which share what may live", view: twoSets, starts: "v1:0-2 v2:0" },
    {
      name: "of the sets that are not barred",
      view: { state: { ...twoSets.state, plan: { ...twoSets.state.plan, barred: [v1] } } },
      starts: "v2:0-2",
    },
  ])("$name", ({ view, starts }) => {
    expect(rendered(startable(aView(view), nowMs))).toBe(starts);
  });
});

describe("a task that was answered lives before it is on record", () => {
  const held = { held: { tasks: 9, cpuUnits: 0, memoryMib: 0 } };
  const sent = (agoMs: number) => ({ call: { 1: { firstSentAtMs: nowMs - agoMs } } });
  test.for<{ name: string; view: Viewed; starts: string }>([
    { name: "its slot is taken", view: { calls: "answered v1/1=lost", ...sent(0), state: held }, starts: "v1:0,2" },
    {
      name: "it counts against maxLive",
      view: { plan: "v1:0-4 max 3", calls: "answered v1/3=lost", ...sent(0), replicas: 5 },
      starts: "v1:0-1",
    },
    {
      name: "for as long as records are kept",
      view: { calls: "answered v1/1=lost", ...sent(3_599_999) },
      starts: "v1:0,2",
    },
    {
      name: "later it has come, gone, and been forgotten",
      view: { calls: "answered v1/1=lost", ...sent(3_600_000) },
      starts: "v1:0-2",
    },
    {
      name: "unless its record says that it stopped",
      view: { calls: "answered v1/0=t0", tasks: "v1/0-", ...sent(0) },
      starts: "v1:0-2",
    },
    {
      name: "its record need not say yet where it belongs",
      view: { calls: "answered v1/1=t0", tasks: "v1<loose", ...sent(0), state: held },
      starts: "v1:0,2",
    },
    {
      name: "a member that failed is none",
      view: { calls: "answered v1/0=t0 1", tasks: "v1/0", ...sent(0) },
      starts: "v1:1-2",
    },
  ])("$name", ({ view, starts }) => {
    expect(rendered(startable(aView(view), nowMs))).toBe(starts);
  });
});

describe("a call may be sent again", () => {
  test.for<{ name: string; view: Viewed; may: boolean }>([
    { name: "while all of its members may still start", view: {}, may: true },
    { name: "not while something above it is paused", view: { paused: true }, may: false },
    { name: "not of a service that is deleted", view: { state: { tombstone: true } }, may: false },
    { name: "not of another life of the service", view: { call: { 1: { uid: "u0" } } }, may: false },
    { name: "not before the back-off ends", view: { set: { notBeforeMs: nowMs + 1 } }, may: false },
    { name: "not before a failure is counted", view: { tasks: "v1/2-+1", restart: {} }, may: false },
    { name: "as soon as the back-off ends", view: { set: { notBeforeMs: nowMs } }, may: true },
    {
      name: "while another set waits",
      view: { state: { ...twoSets.state, plan: withSecond({ notBeforeMs: nowMs + 1 }) } },
      may: true,
    },
    {
      name: "though another set's failure is not counted",
      view: { ...twoSets, tasks: "v2/2-+1", restart: {} },
      may: true,
    },
    { name: "not of a set that is not planned", view: { plan: "v2:0-2 max 3" }, may: false },
    { name: "not when one member's slot is not planned", view: { plan: "v1:0,2 max 3" }, may: false },
    { name: "not of a barred revision", view: { state: planWith({ barred: [v1] }) }, may: false },
    { name: "when it just fits maxLive", view: { plan: "v1:0-2 max 3", tasks: "v1/2" }, may: true },
    { name: "not beyond maxLive", view: { plan: "v1:0-2 max 2", tasks: "v1/2" }, may: false },
    {
      name: "not beyond maxLive with what was answered and is not on record",
      view: { plan: "v1:0-2 max 2", calls: "sent v1/0 1; answered v1/2=lost", call: { 2: { firstSentAtMs: nowMs } } },
      may: false,
    },
    {
      name: "not beyond the held quota",
      view: { state: { held: { tasks: 1, cpuUnits: 0, memoryMib: 0 } } },
      may: false,
    },
    {
      name: "not when another task stands in a slot",
      view: { tasks: "v1/1", plan: "v1:0-2 max 9", replicas: 9 },
      may: false,
    },
    { name: "not when another call is out for a slot", view: { calls: "sent v1/0 1; sent v1/1" }, may: false },
    { name: "its own tasks do not stand against it", view: { tasks: "v1<of1" }, may: true },
    {
      name: "its own tasks do not stand against it, placed or not",
      view: { tasks: "v1/0<of1", plan: "v1:0-1 max 2", state: {} },
      may: true,
    },
  ])("$name", ({ view, may }) => {
    const seen = aView({ calls: "sent v1/0 1", ...view });
    const [call] = seen.calls;
    expect(call && mayStartAgain(seen, call, nowMs)).toBe(may);
  });
});

test("never more live or may live than the plan and the quota let, and never two in a slot", () => {
  const member = fc.record({ slot: fc.nat(6), phase: fc.constantFrom("sent", "settling", "void", "answered") });
  const task = fc.record({ slot: fc.nat(6), mark: fc.constantFrom("", "?", "-", "!") });
  fc.assert(
    fc.property(
      fc.uniqueArray(member, { maxLength: 4, selector: ({ slot }) => slot }),
      fc.uniqueArray(task, { maxLength: 4, selector: ({ slot }) => slot }),
      fc.nat(7),
      fc.nat(7),
      (members, drawn, maxLive, held) => {
        const view = aView({
          plan: `v1:0-6 max ${maxLive}`,
          state: { held: { tasks: held, cpuUnits: 0, memoryMib: 0 } },
          calls: members
            .map(({ slot, phase }) => `${phase} v1/${slot}${phase === "answered" ? `=x${slot}` : ""}`)
            .join("; "),
          call: Object.fromEntries(members.map((_, index) => [index + 1, { firstSentAtMs: nowMs - 1000 }])),
          tasks: drawn.map(({ slot, mark }) => `v1/${slot}${mark}`).join(" "),
        });
        const starts = startable(view, nowMs).flatMap(({ slots }) => slots);
        const live = drawn.filter(({ mark }) => mark !== "-").map(({ slot }) => slot);
        const pending = members.filter(({ phase }) => phase !== "void").map(({ slot }) => slot);
        const before = live.length + pending.length;
        expect(starts.length).toBeLessThanOrEqual(Math.max(0, Math.min(maxLive, held) - before));
        expect(starts.filter((slot) => live.includes(slot) || pending.includes(slot))).toEqual([]);
        expect(new Set(starts).size).toBe(starts.length);
        const free = indicesOf(slotsOf([0, 1, 2, 3, 4, 5, 6])).length - new Set([...live, ...pending]).size;
        expect(starts.length).toBe(Math.max(0, Math.min(free, Math.min(maxLive, held) - before)));
        expect(view.tasks.filter(isLive)).toHaveLength(live.length);
      },
    ),
  );
});
