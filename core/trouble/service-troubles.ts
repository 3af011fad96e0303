import { isOpen } from "../model/living.ts";
import type { Progress, StateRecord } from "../model/records.ts";
import { minutes } from "../words/minutes.ts";
import { plural } from "../words/plural.ts";
import type { ReadSuspect, Suspect } from "./signs.ts";
import { isStuck, longMs } from "./suspects.ts";
import type { Trouble } from "./trouble.ts";

/** A lost answer is settled within five minutes; what is open for longer than this, nobody settles. */
const openMs = 10 * 60_000;
/** How long the next pass may take to end a rollout that is past its deadline. */
const graceMs = 2 * 60_000;

type Finding = Pick<Trouble, "kind" | "message">;

/** What is wrong with one service; of one that could not be read, that. */
export function serviceTroubles(suspect: Suspect, nowMs: number): readonly Trouble[] {
  const { key: about } = suspect;
  if (suspect.kind === "unread") {
    const message = `its records could not be read: ${suspect.reason}; see whether the table answers and the sweep may read it`;
    return [{ kind: "unreadable", about, message }];
  }
  return rules.flatMap((rule) => rule(suspect, nowMs) ?? []).map((finding) => ({ ...finding, about }));
}

/** A service that is paused is nobody's trouble: somebody wants it to stand still. */
const rules: readonly ((suspect: ReadSuspect, nowMs: number) => Finding | undefined)[] = [
  unsound,
  unlessPaused(behind),
  unlessPaused(stuckRollout),
  unlessPaused(unsettledCalls),
  unlessPaused(stuckStops),
];

function unlessPaused(rule: (typeof rules)[number]): (typeof rules)[number] {
  return (suspect, nowMs) => (suspect.paused || suspect.unsound !== undefined ? undefined : rule(suspect, nowMs));
}

function unsound({ unsound: why }: ReadSuspect): Finding | undefined {
  if (why === undefined) return undefined;
  const message = `it is left alone, and what runs of it goes on: ${why}; go back to the newer version, or put the record right`;
  return { kind: "unreadable", message };
}

function behind({ spec, state, resumedAtMs }: ReadSuspect, nowMs: number): Finding | undefined {
  if (spec === undefined || isObserved(spec.generation, spec.uid, state)) return undefined;
  const agoMs = nowMs - Math.max(spec.acceptedAtMs, resumedAtMs);
  if (agoMs <= longMs) return undefined;
  const message = `generation ${spec.generation} was accepted ${minutes(agoMs)} ago and no pass has decided about it: look at the error lines of reconcile, and whether its function runs`;
  return { kind: "behind", message };
}

function isObserved(generation: number, uid: string, state: StateRecord | undefined): boolean {
  return state !== undefined && state.uid === uid && state.generation === generation;
}

/** Past its deadline, and nobody ends it: neither complete nor failed, or on its way back and not there. */
function stuckRollout({ spec, state, resumedAtMs }: ReadSuspect, nowMs: number): Finding | undefined {
  if (spec === undefined || state === undefined || !isObserved(spec.generation, spec.uid, state)) return undefined;
  const isHeld = spec.rolloutPaused === true || state.rollout?.failure?.outcome === "paused";
  if (spec.deleting || isHeld || hasEnded(state)) return undefined;
  const sinceMs = nowMs - Math.max(state.progress.atMs, resumedAtMs);
  const mostMs = spec.manifest.spec.rollout.progressDeadlineSeconds * 1000;
  if (sinceMs <= mostMs + graceMs) return undefined;
  const way = state.rollout?.failure === undefined ? "its rollout" : "its way back";
  const message = `${way}, generation ${spec.generation}, has made no progress for ${minutes(sinceMs)} (${minutes(mostMs)} are allowed): ${whyStuck(state)}; make room, change its spec, or cancel the rollout`;
  return { kind: "stuck rollout", message };
}

/** Also one that waits for tasks that leave: each of those has a deadline of its own. */
function hasEnded({ progress, stops }: { readonly progress: Progress } & Pick<StateRecord, "stops">): boolean {
  return progress.complete || Object.values(stops).some(({ why }) => why === "replaced" || why === "surplus");
}

/** In the words that its user is told. */
function whyStuck({ conditions }: StateRecord): string {
  const told = ["Placed", "Progressing", "Available"].map((type) => conditions.find((each) => each.type === type));
  const bad = told.find((condition) => condition !== undefined && condition.status !== "True");
  return bad?.message ?? "nothing says why";
}

function unsettledCalls({ calls }: ReadSuspect, nowMs: number): Finding | undefined {
  const old = calls.filter((call) => isOpen(call) && nowMs - call.firstSentAtMs > openMs);
  const [first] = old.toSorted((a, b) => a.firstSentAtMs - b.firstSentAtMs);
  if (first === undefined) return undefined;
  const { seq, members, tries, firstSentAtMs } = first;
  const others = old.length === 1 ? "" : ` and ${plural(old.length - 1, "other")}`;
  const message = `call ${seq}${others}, a RunTask of ${plural(members.length, "task")}, has had no answer for ${minutes(nowMs - firstSentAtMs)} (${plural(tries, "try", "tries")}): look at the error lines of dispatch, and whether ECS answers`;
  return { kind: "unsettled call", message };
}

function stuckStops({ state, spec }: ReadSuspect): Finding | undefined {
  const stopSeconds = (spec?.manifest.spec.task.containers ?? []).map(
    ({ stopTimeoutSeconds = 30 }) => stopTimeoutSeconds,
  );
  // Containers that depend on each other stop one after another, and a StopTask goes out each minute meanwhile.
  const more = Math.ceil(stopSeconds.reduce((sum, each) => sum + each, 0) / 60);
  const stuck = Object.entries(state?.stops ?? {}).filter(([, stop]) => isStuck(stop, more));
  const [first] = stuck;
  if (first === undefined) return undefined;
  const [taskId, { tries }] = first;
  const others = stuck.length === 1 ? "" : ` and ${plural(stuck.length - 1, "other")}`;
  const message = `task ${taskId}${others} has not stopped after ${plural(tries, "StopTask")}: see whether reconcile may stop it, and whether its node is within reach`;
  return { kind: "stuck stop", message };
}
