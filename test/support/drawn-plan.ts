import type { Revision, TaskId, Token } from "../../core/model/ids.ts";
import type { CallPhase, CallRecord, Plan, Stop } from "../../core/model/records.ts";
import type { Slots } from "../../core/model/slots.ts";
import { key, nowMs } from "./service.ts";

/**
 * A plan drawn as `"v1:0-2 max 3"`, with several sets as `"v1:0 v2:0-1 max 3"`, without any as `"max 0"`; what may not
 * start behind it as `", bars v1 v2"`. The sets' capacity is `ec2`.
 */
export function drawPlan(text: string): Plan {
  const [, sets = "", maxLive, barred = ""] = /^((?:\w+:[\d,-]* )*)max (\d+)(?:, bars ([\w ]+))?$/.exec(text) ?? [];
  if (maxLive === undefined) throw new Error(`a plan must be drawn as "v1:0-2 max 3", got "${text}"`);
  return {
    sets: sets.split(" ").filter(Boolean).map(drawSet),
    maxLive: Number(maxLive),
    barred: barred.split(" ").filter(Boolean) as Revision[],
  };
}

function drawSet(text: string): Plan["sets"][number] {
  const [revision = "", slots = ""] = text.split(":");
  return {
    id: revision,
    revision: revision as Revision,
    role: "main",
    slots: slots as Slots,
    priority: 50,
    placement: { capacity: [], spread: [], constraints: [] },
    capacity: "ec2",
    startDeadlineSeconds: 600,
    notBeforeMs: 0,
  };
}

/**
 * Calls numbered from 1, drawn as `"answered v1/0=t0 1=t1; sent v1/2 3; seal 4"`: phase, revision, then slot by slot with
 * the task that stands in it; a seal has the plan's version that it carries. What was answered was sent two hours ago, so
 * that its tasks need no record any more. A task drawn `v1<of2` was started by
 * the second.
 */
export function drawCalls(text: string): readonly CallRecord[] {
  return (text === "" ? [] : text.split("; ")).map((drawing, index) => {
    const [phase = "", ...rest] = drawing.split(" ");
    if (phase === "seal") return aCall(index + 1, { phase: "void", planVersion: Number(rest[0]), members: [] });
    const [revision = "", first = ""] = (rest[0] ?? "").split("/");
    const members = [first, ...rest.slice(1)].map((member) => {
      const [slot, taskId] = member.split("=");
      return { slot: Number(slot), ...(taskId === undefined ? {} : { taskId: taskId as TaskId }) };
    });
    return aCall(index + 1, {
      phase: phase as CallPhase,
      revision: revision as Revision,
      setId: revision,
      members,
      ...(phase === "answered" ? { firstSentAtMs: nowMs - 7_200_000 } : {}),
    });
  });
}

/** A call that was answered, without members. */
export function aCall(seq: number, given: Partial<CallRecord> = {}): CallRecord {
  return {
    partition: `service#${key}`,
    sort: `call#${String(seq).padStart(10, "0")}`,
    schema: 1,
    version: 1,
    uid: "u1",
    seq,
    planVersion: 1,
    phase: "answered",
    token: `token-${seq}` as Token,
    setId: "v1",
    revision: "v1" as Revision,
    members: [],
    firstSentAtMs: nowMs - 1000,
    tries: 1,
    ...given,
  };
}

/** A stop on record since 10 seconds. */
export function aStop(given: Partial<Stop> = {}): Stop {
  return { phase: "leaving", why: "surplus", atMs: nowMs - 10_000, tries: 0, ...given };
}
