import type { Scale } from "../model/records.ts";
import type { Autoscaling } from "../model/service.ts";

/** What was recommended, oldest first; the last one stands. Empty: what stands was recommended all along. */
export type Recommended = Scale["recommended"];

/** What is recommended now. */
export interface Latest {
  readonly replicas: number;
  /** How many replicas there are. */
  readonly current: number;
  readonly nowMs: number;
}

type Windows = Pick<Autoscaling, "scaleIn" | "scaleOut">;

/** What one service remembers at most. */
const longest = 20;

/**
 * Moves the current number of replicas between the least that was recommended while scaling out looks back and the most
 * that was while scaling in does, as Kubernetes does: what was recommended for a moment only changes nothing. The latest
 * is among them, so that a window of 0 looks at that alone.
 */
export function stabilise(latest: Latest, recommended: Recommended, { scaleIn, scaleOut }: Windows): number {
  const { replicas, current, nowMs } = latest;
  const all = withLatest(recommended, latest);
  const lows = stoodAfter(all, windowStart(nowMs, scaleOut.windowSeconds)).map(({ low }) => low);
  const highs = stoodAfter(all, windowStart(nowMs, scaleIn.windowSeconds)).map(({ high }) => high);
  return Math.min(Math.max(current, Math.min(replicas, ...lows)), Math.max(replicas, ...highs));
}

/**
 * Takes the latest recommendation down. Those that ended before both windows are forgotten, and of too many the two
 * oldest are joined: that has the bounds of both for as long as the later of them, so it is never less careful.
 *
 * @returns `recommended` itself while the same goes on: time alone writes nothing.
 */
export function remember(latest: Latest, recommended: Recommended, { scaleIn, scaleOut }: Windows): Recommended {
  const all = withLatest(recommended, latest);
  if (all === recommended) return recommended;
  return joined(stoodAfter(all, windowStart(latest.nowMs, Math.max(scaleIn.windowSeconds, scaleOut.windowSeconds))));
}

/** When a recommendation stops to matter for scaling in or out: its window after the next one began. */
export function forgottenAt(recommended: Recommended, { scaleIn, scaleOut }: Windows): readonly number[] {
  return recommended
    .slice(1)
    .flatMap(({ sinceMs }) => [scaleIn, scaleOut].map(({ windowSeconds }) => sinceMs + windowSeconds * 1000));
}

function withLatest(recommended: Recommended, { replicas, current, nowMs }: Latest): Recommended {
  const stood = { sinceMs: nowMs, low: current, high: current };
  const last = recommended.at(-1) ?? stood;
  if (last.low === replicas && last.high === replicas) return recommended;
  return [...(recommended.length > 0 ? recommended : [stood]), { sinceMs: nowMs, low: replicas, high: replicas }];
}

/** Each stood until the next began; the last one still does. */
function stoodAfter(recommended: Recommended, startMs: number): Recommended {
  return recommended.filter((_, index) => (recommended[index + 1]?.sinceMs ?? Number.POSITIVE_INFINITY) > startMs);
}

function windowStart(nowMs: number, windowSeconds: number): number {
  return nowMs - windowSeconds * 1000;
}

function joined(recommended: Recommended): Recommended {
  const [first, second, ...rest] = recommended;
  if (!first || !second || recommended.length <= longest) return recommended;
  const both = { low: Math.min(first.low, second.low), high: Math.max(first.high, second.high) };
  return [{ sinceMs: first.sinceMs, ...both }, ...rest];
}
