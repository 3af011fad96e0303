import { expect, test } from "vitest";
import { rampFrom } from "../../../core/dispatch/ramp.ts";
import type { Revision, Token } from "../../../core/model/ids.ts";
import type { CallPhase, CallRecord } from "../../../core/model/records.ts";

const phases: Readonly<Record<string, CallPhase>> = { s: "sent", t: "settling", a: "answered", v: "void" };

/**
 * Calls drawn as `<phase><members>`: `a2` answered, `s1` sent, `t1` settling, `v1` void, `v0` a seal; `a2!` with a member
 * that failed; `other:a2` of another set. The first has number 1 and was sent at 1 ms, and so on.
 */
function callsOf(text: string): readonly CallRecord[] {
  if (text === "") return [];
  return text.split(" ").map((drawn, index) => {
    const [call = "", setId = "main"] = drawn.split(":").reverse();
    const seq = index + 1;
    const failure = call.endsWith("!") ? { failure: "RESOURCE:MEMORY" } : {};
    return {
      partition: "service#shop/web",
      sort: `call#${seq}`,
      schema: 1,
      version: 1,
      uid: "u1",
      seq,
      planVersion: 1,
      phase: phases[call.charAt(0)] ?? "void",
      token: "abcdefghijklmnop" as Token,
      setId,
      revision: "0123456789" as Revision,
      members: Array.from({ length: Number.parseInt(call.slice(1), 10) }, (_, slot) => ({
        slot,
        ...(slot === 0 && failure),
      })),
      firstSentAtMs: seq,
      tries: 1,
    };
  });
}

test.for([
  { name: "begins at one", calls: "", ramp: 1 },
  { name: "doubles: one answered", calls: "a1", ramp: 2 },
  { name: "doubles: two more", calls: "a1 a2", ramp: 4 },
  { name: "doubles: four more, in several calls", calls: "a1 a2 a1 a3", ramp: 8 },
  { name: "a call that is out takes its place", calls: "a1 s1", ramp: 1 },
  { name: "a settling one as well", calls: "a1 t2", ramp: 0 },
  { name: "nothing while the first is out", calls: "s1", ramp: 0 },
  { name: "never below nothing", calls: "s5", ramp: 0 },
  { name: "a failed member begins again", calls: "a1 a2 a4!", ramp: 1 },
  { name: "a void call begins again", calls: "a1 a2 v4", ramp: 1 },
  { name: "and rises after it", calls: "a1 a2! a1 a2", ramp: 4 },
  { name: "a seal says nothing", calls: "a1 v0 a2", ramp: 4 },
  { name: "another set's calls say nothing", calls: "a1 other:a9 other:v1 other:s1", ramp: 2 },
  { name: "a task that failed later begins again", calls: "a1 a2", lastFailureAtMs: 2, ramp: 1 },
  { name: "but not for calls after it", calls: "a1 a2 a1", lastFailureAtMs: 2, ramp: 2 },
  { name: "a call that is out counts whenever it was sent", calls: "s1 a1 a2", lastFailureAtMs: 1, ramp: 3 },
])("$name", ({ calls, lastFailureAtMs, ramp }) => {
  expect(rampFrom(callsOf(calls), "main", lastFailureAtMs)).toBe(ramp);
  expect(rampFrom(callsOf(calls).toReversed(), "main", lastFailureAtMs)).toBe(ramp);
});
