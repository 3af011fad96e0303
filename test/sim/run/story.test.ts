import { expect, test } from "vitest";
import type { Item } from "../../../core/model/records.ts";
import { virtualClock } from "../../../sim/clock.ts";
import { story } from "../../../sim/run/story.ts";
import { tellItem } from "../../../sim/run/tell-item.ts";
import type { CallSite, Outcome } from "../../../sim/world/call-site.ts";

const site: CallSite = {
  handler: "reconcile",
  pass: 7,
  port: "store",
  method: "swap",
  args: [{ partition: "service#shop/web", sort: "state" }],
  ordinal: 3,
  mutates: true,
  atMs: 0,
};

test.for<{ outcome: Outcome; line: string | undefined }>([
  { outcome: "ok", line: undefined },
  { outcome: "not applied", line: "fails, and was not applied" },
  { outcome: "answer lost", line: "is applied, and its answer is lost" },
  { outcome: "dies before", line: "is where the pass dies; it was not applied" },
  { outcome: "dies after", line: "is where the pass dies; it was applied" },
  { outcome: { kind: "freeze", ms: 61_000, applied: true }, line: "stands still for 61 s, once it was applied" },
])("a mishap is told with its pass and its place: $line", ({ outcome, line }) => {
  const clock = virtualClock();
  const told = story(clock, () => "");
  clock.advance(3_723_004);
  told.suffered(site, outcome);
  const begin = "1:02:03.004  ! reconcile (pass 7): store.swap of service#shop/web state ";
  expect(told.last(9)).toEqual(line === undefined ? [] : [begin + line]);
});

test("the last lines are kept, however many there were", () => {
  const told = story(virtualClock(), () => "");
  for (let line = 1; line <= 5_000; line += 1) told.tell(`line ${line}`);
  expect(told.last(2)).toEqual(["0:00:00.000  line 4999", "0:00:00.000  line 5000"]);
});

const item = { schema: 1, version: 2, uid: "u" };
const command = { ...item, partition: "command#1", sort: "result", type: "dev.longshore.scale", object: "shop/web" };
const call = { ...item, partition: "service#shop/web", sort: "call#0000000004", seq: 4, planVersion: 9 };
const task = { ...item, partition: "service#shop/web", sort: "task#0123456789ab", taskId: "0123456789ab" };
const cluster = { ...item, partition: "cluster#main", sort: "state" };
const namespace = { ...item, partition: "namespace#shop", sort: "spec" };
const members = [{ slot: 0 }, { slot: 2 }];
const refused = { ...command, phase: "refused", issues: [{ message: "too many" }] };

test.for<{ told: string | undefined; now: object; before?: object }>([
  { told: undefined, now: { ...command, phase: "received" } },
  { told: "answers scale of shop/web: applied", now: { ...command, phase: "applied" } },
  { told: "answers scale of shop/web: refused: too many", now: refused },
  { told: "seals plan version 9 as call 4 of shop/web", now: { ...call, phase: "void", members: [] } },
  {
    told: "stores call 4 of shop/web: slots 0 2 of revision abcdef on node 456789",
    now: { ...call, phase: "sent", members, revision: "0000abcdef", nodeId: "0123456789" },
  },
  {
    told: "writes call 4 of shop/web as void: nobody answered",
    now: { ...call, phase: "void", members, reason: "nobody answered" },
    before: { ...call, phase: "settling", members },
  },
  { told: undefined, now: { ...call, phase: "sent", members }, before: { ...call, phase: "sent", members } },
  { told: "abandons task 6789ab of shop/web", now: { ...task, abandonedAtMs: 5 }, before: task },
  { told: "misses task 6789ab of shop/web", now: { ...task, missingAtMs: 5 }, before: task },
  { told: undefined, now: { ...task, missingAtMs: 5 }, before: { ...task, missingAtMs: 5 } },
  { told: "gives up node 456789", now: { ...cluster, lost: { "0123456789": 1 } }, before: { ...cluster, lost: {} } },
  { told: "pauses namespace shop", now: { ...namespace, paused: true } },
  { told: "resumes namespace shop", now: { ...namespace, paused: false }, before: { ...namespace, paused: true } },
])("an item that is written is told as: $told", ({ told, now, before }) => {
  expect(tellItem(now as Item, before as Item | undefined)).toEqual(told === undefined ? [] : [told]);
});
