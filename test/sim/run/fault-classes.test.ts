import { expect, test } from "vitest";
import { Fault } from "../../../core/model/fault.ts";
import { classesOfEvents, classOf } from "../../../sim/run/fault-classes.ts";
import { sufferOutage } from "../../../sim/run/outages.ts";
import type { CallSite, Outcome } from "../../../sim/world/call-site.ts";

function aSite(port: CallSite["port"], changes: Partial<CallSite> = {}): CallSite {
  return { handler: "reconcile", pass: 1, port, method: "x", args: [], ordinal: 1, mutates: true, atMs: 0, ...changes };
}

/** What becomes of a call while its port is down. */
const unavailable = (site: CallSite) =>
  sufferOutage(
    [
      { port: "store", kind: "down", afterMs: 0, forMs: 1 },
      { port: "tasks", kind: "down", afterMs: 0, forMs: 1 },
    ],
    site,
    0,
  ) ?? "ok";
const freeze = (ms: number): Outcome => ({ kind: "freeze", ms, applied: false });
const throttled = new Fault("transient", "ThrottlingException", "", { throttled: true });
const denied = new Fault("terminal", "AccessDeniedException", "");

test.for<{ name: string; site: CallSite; outcome: Outcome; is: string | undefined }>([
  { name: "a death", site: aSite("store"), outcome: "dies before", is: "F1" },
  { name: "a death after the effect", site: aSite("tasks"), outcome: "dies after", is: "F1" },
  { name: "a table that does not answer", site: aSite("store"), outcome: "not applied", is: "F2" },
  { name: "an ECS that fails before", site: aSite("tasks"), outcome: "not applied", is: "F26" },
  { name: "an ECS that fails after", site: aSite("tasks"), outcome: "answer lost", is: "F26" },
  { name: "a write without an answer", site: aSite("store"), outcome: "answer lost", is: "F36" },
  { name: "a read without an answer", site: aSite("store", { mutates: false }), outcome: "answer lost", is: "F2" },
  { name: "a long stand", site: aSite("store"), outcome: freeze(60_000), is: "F3" },
  { name: "a short stand", site: aSite("store"), outcome: freeze(59_999), is: undefined },
  { name: "a slow ECS", site: aSite("tasks"), outcome: freeze(2_000), is: "F33" },
  { name: "a throttle", site: aSite("tasks"), outcome: { kind: "fault", fault: throttled }, is: "F25" },
  { name: "a refusal", site: aSite("tasks"), outcome: { kind: "fault", fault: denied }, is: "F54" },
  { name: "a table that is down", site: aSite("store"), outcome: unavailable(aSite("store")), is: "F39" },
  { name: "an ECS that is down", site: aSite("tasks"), outcome: unavailable(aSite("tasks")), is: "F33" },
  { name: "a call that goes well", site: aSite("tasks"), outcome: "ok", is: undefined },
])("$name is $is", ({ site, outcome, is }) => {
  expect(classOf(site, outcome)).toBe(is);
});

test("events are lost, doubled, late, or both of these", () => {
  const ways = [true, false, "doubled", "shuffled", "doubled and shuffled"] as const;
  expect(ways.map(classesOfEvents)).toEqual([[], ["F15"], ["F16"], ["F17"], ["F16", "F17"]]);
});

const down = { port: "tasks", kind: "down", afterMs: 1_000, forMs: 500 } as const;
const fails = { kind: "fault", fault: { kind: "transient", throttled: false } };

test.for([
  { name: "before it", port: "tasks", atMs: 999, is: undefined },
  { name: "from its begin", port: "tasks", atMs: 1_000, is: fails },
  { name: "up to its end", port: "tasks", atMs: 1_499, is: fails },
  { name: "at its end", port: "tasks", atMs: 1_500, is: undefined },
  { name: "of another port", port: "store", atMs: 1_200, is: undefined },
] as const)("a call in an outage: $name", ({ port, atMs, is }) => {
  const outcome = sufferOutage([down], aSite(port, { atMs: 7_000 + atMs }), 7_000);
  if (is === undefined) expect(outcome).toBeUndefined();
  else expect(outcome).toMatchObject(is);
});

test("a permission that is gone refuses changes, and lets read", () => {
  const outage = { ...down, kind: "denied" } as const;
  const at = (mutates: boolean) => sufferOutage([outage], aSite("tasks", { atMs: 1_000, mutates }), 0);
  expect(at(true)).toMatchObject({ kind: "fault", fault: { kind: "terminal", code: "AccessDeniedException" } });
  expect(at(false)).toBeUndefined();
});
