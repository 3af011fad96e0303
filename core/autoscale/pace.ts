import type { Scale } from "../model/records.ts";
import type { Autoscaling } from "../model/service.ts";

/** Changes of the number of replicas, oldest first. */
export type Moves = Scale["moves"];

const minuteMs = 60_000;
/** What one service remembers at most. */
const longest = 20;

/**
 * How far the way to a number of replicas may be gone at once: so many percent of what there was a minute ago, rounded
 * as Kubernetes does. That is at least one task either way: out, because it is rounded up; in, because the rest is
 * rounded down. What moved faster before is not taken back.
 */
export function paced(
  target: number,
  current: number,
  minuteAgo: number,
  given: Pick<Autoscaling, "scaleIn" | "scaleOut">,
): number {
  const { scaleIn, scaleOut } = given;
  return target > current
    ? Math.min(target, Math.max(current, mostAfter(minuteAgo, scaleOut.percentPerMinute)))
    : Math.max(target, Math.min(current, leastAfter(minuteAgo, scaleIn.percentPerMinute)));
}

/** How many replicas there were a minute ago: what came since is taken off, what went is added. */
export function replicasMinuteAgo({ replicas, moves }: Pick<Scale, "replicas" | "moves">, nowMs: number): number {
  return Math.max(
    0,
    lately(moves, nowMs).reduce((before, { by }) => before - by, replicas),
  );
}

/**
 * Takes a change down, and forgets those that are older than a minute. Of too many the two oldest are joined, as of the
 * later of them.
 *
 * @param by 0: nothing changed, and `moves` itself is returned: time alone writes nothing.
 */
export function addMove(moves: Moves, by: number, nowMs: number): Moves {
  if (by === 0) return moves;
  const all = [...lately(moves, nowMs), { atMs: nowMs, by }];
  const [first, second, ...rest] = all;
  return first && second && all.length > longest ? [{ atMs: second.atMs, by: first.by + second.by }, ...rest] : all;
}

/** When each change is a minute old, and no longer counts. */
export function forgottenAt(moves: Moves): readonly number[] {
  return moves.map(({ atMs }) => atMs + minuteMs);
}

function lately(moves: Moves, nowMs: number): Moves {
  return moves.filter(({ atMs }) => atMs > nowMs - minuteMs);
}

/** Whole numbers until the division, so that 10 and 10 % are 11 and not a little more. */
function mostAfter(minuteAgo: number, percent: number | undefined): number {
  if (percent === undefined) return Number.POSITIVE_INFINITY;
  return Math.max(1, Math.ceil((minuteAgo * (100 + percent)) / 100));
}

function leastAfter(minuteAgo: number, percent: number | undefined): number {
  return percent === undefined ? 0 : Math.trunc((minuteAgo * (100 - percent)) / 100);
}
