import { roomFor } from "../dispatch/budget.ts";
import type { DeadLetters } from "../ports/queues.ts";
import { minutes } from "../words/minutes.ts";
import { plural } from "../words/plural.ts";
import { serviceTroubles } from "./service-troubles.ts";
import type { Budget, ReadSuspect, Signs } from "./signs.ts";
import type { Trouble } from "./trouble.ts";

/** Used up so recently, a budget still holds up whoever waits. */
const recentlyMs = 30_000;
/** A rollout of thousands of tasks may use a budget up for minutes: that is its pace, and no trouble yet. */
const waitsMs = 10 * 60_000;

const rules: readonly ((signs: Signs) => readonly Trouble[])[] = [
  ({ deadLetters }) => deadLetters.flatMap(deadLettersIn),
  throttled,
  saturated,
  ({ suspects, nowMs }) => suspects.flatMap((suspect) => serviceTroubles(suspect, nowMs)),
];

/**
 * What of all that the sweep read deserves a person: messages that nobody could work on, an account that throttles or is
 * used up while services wait, and services that nobody gets any further. Empty: nothing does.
 *
 * A rollout that failed has ended, whether it was rolled back or waits for another attempt: whoever sent it was told, and
 * an alarm that stayed on for it would hide everything else.
 */
export function troublesIn(signs: Signs): readonly Trouble[] {
  return rules.flatMap((rule) => rule(signs));
}

function deadLettersIn(letters: DeadLetters): readonly Trouble[] {
  const { queue: about } = letters;
  if ("unread" in letters) {
    const message = `it could not be read: ${letters.unread}; see that it exists and that the sweep may call sqs:GetQueueAttributes on it`;
    return [{ kind: "dead letters", about, message }];
  }
  if (letters.messages === 0) return [];
  const held = plural(letters.messages, "message");
  const message = `it holds ${held} that could not be worked on: look at the error lines of its handler, then redrive the queue or purge it`;
  return [{ kind: "dead letters", about, message }];
}

function throttled({ budgets, nowMs, settings }: Signs): readonly Trouble[] {
  return budgets
    .filter(({ halvedUntilMs = 0 }) => halvedUntilMs > nowMs)
    .map((budget) => ({
      kind: "throttled",
      about: bucketOf(budget),
      message: `AWS throttled such calls within the last minute, though no more than ${settings.accountShare} of the account's quota is ours: see who else uses it, lower the install's share, or ask AWS for a higher quota`,
    }));
}

/** Of the calls that start and stop tasks, which everybody waits for who waits for anything of the account's. */
function saturated({ budgets, suspects, nowMs, settings }: Signs): readonly Trouble[] {
  const budget = budgets.find((each) => bucketOf(each) === "ecs-modify");
  const room = roomFor("ecs-modify", "rollout", settings);
  const waiting = suspects.filter((suspect) => suspect.kind === "read" && waitsForCalls(suspect, nowMs));
  const [first] = waiting;
  if (budget === undefined || first === undefined || !isUsedUp(budget, room, nowMs)) return [];
  const who = `${plural(waiting.length, "service")}, ${first.key} among them,`;
  const message = `${who} waited for more than ${minutes(waitsMs)} while all ${room} calls of a window were used: raise the install's share of the account's quota, or ask AWS for a higher one`;
  return [{ kind: "saturated", about: "ecs-modify", message }];
}

function isUsedUp({ windowMs = 0, used = 0 }: Budget, room: number, nowMs: number): boolean {
  return used >= room && nowMs - windowMs <= recentlyMs;
}

/** It waits for its cluster, and not for room on it. */
function waitsForCalls({ paused, state }: ReadSuspect, nowMs: number): boolean {
  if (paused || state?.waitShard === undefined || state.dueAtMs === undefined) return false;
  const isPlaced = state.conditions.every(({ type, status }) => type !== "Placed" || status === "True");
  return isPlaced && nowMs - state.dueAtMs > waitsMs;
}

function bucketOf({ sort }: Budget): string {
  return sort.slice("budget#".length);
}
