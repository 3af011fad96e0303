import { describe, expect, test } from "vitest";
import { type Decision, decide } from "../../core/reconcile/reconcile.ts";
import { isIdle, needsLease } from "../../steps/carry-out.ts";
import { settled } from "../support/carried-out.ts";
import { aSnapshot } from "../support/snapshot.ts";

/** What is decided of a service that has nothing left to do. */
const usage = { "shop/web": { tasks: 3, cpuUnits: 768, memoryMib: 1536 } };
const nothing = decide(settled(aSnapshot({ tasks: "v1 v1 v1", usage })));
const some = [{}] as never;

describe("who needs the lease", () => {
  test.for<{ readonly name: string; readonly change: Partial<Decision>; readonly needs: boolean }>([
    { name: "a swap", change: { swap: true }, needs: false },
    { name: "traffic that moves", change: { traffic: some }, needs: false },
    { name: "tasks that are ready", change: { ready: some }, needs: false },
    { name: "a plan that takes away", change: { takesAway: true }, needs: true },
    { name: "tasks to adopt", change: { adopt: some }, needs: true },
    { name: "tasks to give up", change: { abandon: some }, needs: true },
    { name: "StopTasks", change: { send: some }, needs: true },
    { name: "marks of revisions", change: { marks: some }, needs: true },
    { name: "records to forget", change: { forget: some }, needs: true },
    { name: "a task definition", change: { define: true }, needs: true },
    { name: "a seal", change: { seal: true }, needs: true },
    { name: "the end of a delete", change: { finish: true }, needs: true },
    { name: "evidence to gather", change: { needsEvidence: true }, needs: true },
    { name: "a quota entry", change: { quota: { ...nothing.quota, entry: "raise" } as never }, needs: true },
  ])("$name: $needs", ({ change, needs }) => {
    expect(needsLease({ ...nothing, ...change })).toBe(needs);
    expect(isIdle({ ...nothing, ...change })).toBe(false);
  });

  test("not what asks for nothing", () => {
    expect([needsLease(nothing), isIdle(nothing)]).toEqual([false, true]);
  });
});
