import type { Target } from "../../core/ports/targets.ts";
import type { HealthCheck } from "./health-check.ts";
import type { CheckAnswer, ShownState, TargetLife } from "./target-life.ts";
import {
  afterCheck,
  afterDeregistration,
  afterRefusal,
  afterRegistration,
  notInUse,
  shownState,
} from "./target-life.ts";

/** A target of a group, with what the load balancer remembers of it. */
interface Entry {
  readonly target: Target;
  readonly registration: number;
  life: TargetLife;
  /** Requests sent to it, and those of them that have ended in whatever way. */
  started: number;
  ended: number;
  nextCheckMs: number;
  /** The check under way; the answer to any other comes too late. */
  check: number | undefined;
}

/** Requests sent to a target, and those of them that have ended in whatever way. */
export interface RequestCounts {
  readonly started: number;
  readonly ended: number;
}

/** How many targets that are gone are remembered for their requests. */
const mostGone = 100;

/** The targets of one group; only the functions of this file change it. */
export interface TargetSet {
  readonly entries: Map<string, Entry>;
  /** Requests of targets that are gone, of the last ones alone. */
  readonly gone: Map<string, RequestCounts>;
  /** A listener forwards to the group: without one nothing is checked and everything is unused. */
  inUse: boolean;
  /** Whose turn it is among those that may be picked. */
  turn: number;
  /** Those that may be picked; undefined after any change. */
  eligible: readonly Entry[] | undefined;
  /** Whether a target stays draining for the whole delay, even when nothing is in flight. */
  readonly drainsWholeDelay: boolean;
}

/** A group's set with no targets in it, not in use. */
export function emptyTargetSet(drainsWholeDelay: boolean): TargetSet {
  return { entries: new Map(), gone: new Map(), inUse: false, turn: 0, eligible: undefined, drainsWholeDelay };
}

/** Adds targets, first checked at once; one that is there already is left as it is, unless it drains. */
export function register(set: TargetSet, targets: readonly Target[], nowMs: number, nextNumber: () => number): void {
  for (const target of targets) {
    const before = set.entries.get(keyOf(target));
    const life = afterRegistration(before?.life);
    if (before?.life === life) continue;
    if (before) restart(before, nowMs);
    else set.entries.set(keyOf(target), newEntry(target, nowMs, nextNumber()));
  }
  set.eligible = undefined;
}

/** Takes targets out of turn: each drains until its deadline, or until nothing is in flight on it. Unknown ones are ignored. */
export function deregister(set: TargetSet, targets: readonly Target[], nowMs: number, delaySeconds: number): void {
  for (const target of targets) {
    const entry = set.entries.get(keyOf(target));
    if (!entry) continue;
    entry.life = afterDeregistration(entry.life, nowMs + delaySeconds * 1000);
    entry.check = undefined;
  }
  set.eligible = undefined;
  settle(set, nowMs);
}

/** A first listener forwards to the group, or the last one no longer does: every target starts over. */
export function setInUse(set: TargetSet, inUse: boolean, nowMs: number): void {
  if (set.inUse === inUse) return;
  set.inUse = inUse;
  for (const entry of set.entries.values()) if (entry.life.kind !== "draining") restart(entry, nowMs);
  set.eligible = undefined;
  settle(set, nowMs);
}

/**
 * Removes the targets that have drained. ELB completes a deregistration at once when nothing is in flight, though it
 * shows the target as draining until the delay is over; here an idle target is gone, unless `drainsWholeDelay`.
 */
export function settle(set: TargetSet, nowMs: number): void {
  for (const [key, { life, started, ended }] of set.entries) {
    if (life.kind !== "draining") continue;
    const idle = started === ended && !set.drainsWholeDelay;
    if (idle || nowMs >= life.untilMs || !set.inUse) remove(set, key, { started, ended });
  }
}

function remove({ entries, gone }: TargetSet, key: string, counts: RequestCounts): void {
  entries.delete(key);
  gone.delete(key);
  gone.set(key, counts);
  for (const oldest of [...gone.keys()].slice(0, -mostGone)) gone.delete(oldest);
}

/** Every target with its state, in the order of registration. */
export function describe(set: TargetSet): readonly (Target & ShownState)[] {
  return [...set.entries.values()].map(({ target, life }) => ({
    ...target,
    ...(set.inUse ? shownState(life) : notInUse),
  }));
}

/** The next healthy target in turn; when none is healthy, as with a real load balancer, any that is registered. */
export function pick(set: TargetSet, exclude: readonly Target[]): (Target & { registration: number }) | undefined {
  set.eligible ??= eligibleOf(set);
  const count = set.eligible.length;
  for (let step = 0; step < count; step += 1) {
    const index = (set.turn + step) % count;
    const entry = set.eligible[index];
    if (entry === undefined || exclude.some((target) => isSame(target, entry.target))) continue;
    set.turn = (index + 1) % count;
    return { ...entry.target, registration: entry.registration };
  }
  return undefined;
}

/** Counts requests in flight on that registration of a target, up or down; the last one lets a draining target go. */
export function countRequest(
  set: TargetSet,
  ticket: Target & { registration: number },
  step: 1 | -1,
  nowMs: number,
): void {
  const entry = set.entries.get(keyOf(ticket));
  if (entry?.registration !== ticket.registration) return;
  if (step === 1) entry.started += 1;
  else entry.ended += 1;
  if (entry.life.kind === "draining") settle(set, nowMs);
}

/** The requests of a target since it was registered; of one that is gone, those until then. */
export function requestCounts(set: TargetSet | undefined, target: Target): RequestCounts {
  const { started = 0, ended = 0 } = set?.entries.get(keyOf(target)) ?? set?.gone.get(keyOf(target)) ?? {};
  return { started, ended };
}

/** A request could not be connected to that registration of a target. */
export function refuse(set: TargetSet, ticket: Target & { registration: number }): void {
  const entry = set.entries.get(keyOf(ticket));
  if (entry?.registration === ticket.registration) enter(set, entry, afterRefusal(entry.life));
}

/** Starts the checks that are due, each target's next one an interval from now, and removes what has drained. */
export function startChecks(
  set: TargetSet,
  intervalSeconds: number,
  nowMs: number,
  nextNumber: () => number,
): Started[] {
  settle(set, nowMs);
  const started: Started[] = [];
  for (const entry of set.entries.values()) {
    if (!isChecked(set, entry) || entry.nextCheckMs > nowMs) continue;
    entry.nextCheckMs = nowMs + intervalSeconds * 1000;
    entry.check = nextNumber();
    started.push({ target: entry.target, number: entry.check });
  }
  return started;
}

interface Started {
  readonly target: Target;
  readonly number: number;
}

/** The answer to a check; one that is not under way any more is ignored. */
export function endCheck(
  set: TargetSet,
  { target, number }: Started,
  answer: CheckAnswer,
  healthCheck: HealthCheck,
): void {
  const entry = set.entries.get(keyOf(target));
  if (entry?.check !== number) return;
  entry.check = undefined;
  enter(set, entry, afterCheck(entry.life, answer, healthCheck));
}

/** When the next check is due or the next drain over, epoch ms. */
export function nextDueMs(set: TargetSet): number | undefined {
  let earliest: number | undefined;
  for (const entry of set.entries.values()) {
    const dueMs = entry.life.kind === "draining" ? entry.life.untilMs : entry.nextCheckMs;
    if (set.inUse && (earliest === undefined || dueMs < earliest)) earliest = dueMs;
  }
  return earliest;
}

function newEntry(target: Target, nowMs: number, registration: number): Entry {
  return {
    target,
    registration,
    life: afterRegistration(),
    started: 0,
    ended: 0,
    nextCheckMs: nowMs,
    check: undefined,
  };
}

function restart(entry: Entry, nowMs: number): void {
  entry.life = afterRegistration();
  entry.nextCheckMs = nowMs;
  entry.check = undefined;
}

function enter(set: TargetSet, entry: Entry, life: TargetLife): void {
  if (entry.life.kind !== life.kind) set.eligible = undefined;
  entry.life = life;
}

function eligibleOf(set: TargetSet): readonly Entry[] {
  const registered = [...set.entries.values()].filter(({ life }) => life.kind !== "draining");
  const healthy = registered.filter(({ life }) => life.kind === "healthy");
  return healthy.length > 0 ? healthy : registered;
}

function isChecked(set: TargetSet, entry: Entry): boolean {
  return set.inUse && entry.life.kind !== "draining";
}

function isSame(one: Target, other: Target): boolean {
  return one.id === other.id && one.port === other.port;
}

function keyOf({ id, port }: Target): string {
  return `${id}:${port}`;
}
