import type { ServiceKey } from "../model/ids.ts";
import { shardOf } from "../model/names.ts";

/** A service as the rows of index "byKind" show it: its spec's row and its state's, joined. */
export interface ServiceRow {
  readonly key: ServiceKey;
  readonly generation?: number;
  readonly observed?: number;
  readonly dueAtMs?: number;
  /** How often something has to be looked up that no event tells, seconds; absent: events tell everything. */
  readonly pollSeconds?: number;
}

/** What the sweep does about a service. `rest`: nothing but the audit's turn. */
export type Attention = "chase" | "wake" | "poll" | "rest";

const minuteMs = 60_000;
/** A service that has been unsettled for longer than this is looked at once a minute only. */
const chaseMs = 10 * minuteMs;
/** A service on its way is looked at twice a minute at least; each look asks for the next within its lineage. */
const chaseSeconds = [0, 30];
/** Nothing is polled more often: at most 12 wake-ups a minute come from the sweep. */
const leastPollSeconds = 5;

/**
 * Joins the rows of one shard by service. Rows: `<key>#spec#<generation>` and
 * `<key>#state#<observed>#<due or ->#<seconds between polls or ->`.
 */
export function joinRows(rows: readonly string[]): readonly ServiceRow[] {
  const joined = new Map<string, ServiceRow>();
  for (const row of rows) {
    const [key = "", kind, generation, due, poll] = row.split("#");
    const before = joined.get(key) ?? { key: key as ServiceKey };
    const after =
      kind === "spec"
        ? { ...before, generation: Number(generation) }
        : {
            ...before,
            observed: Number(generation),
            ...(due === "-" ? {} : { dueAtMs: Number(due) }),
            ...(poll === undefined || poll === "-" ? {} : { pollSeconds: secondsIn(poll) }),
          };
    joined.set(key, after);
  }
  return [...joined.values()];
}

/** Rows that are older than this name no seconds: they say `poll`, each minute. */
function secondsIn(poll: string): number {
  const seconds = Number(poll);
  return Number.isInteger(seconds) && seconds > 0 ? seconds : 60;
}

/**
 * How much attention a service needs: `chase` what is on its way, several times a minute; `wake` what is due; `poll` what
 * no event would tell of, as often as its poll says.
 */
export function attentionFor(service: ServiceRow, nowMs: number): Attention {
  const { generation, observed, dueAtMs } = service;
  if (generation !== observed) return "chase";
  if (dueAtMs !== undefined && dueAtMs <= nowMs) return nowMs - dueAtMs < chaseMs ? "chase" : "wake";
  return isPollTurn(service, nowMs) ? "poll" : "rest";
}

/**
 * When the sweep wakes a service until the next sweep, in seconds from now, ascending, each once. One that needs no more
 * than a poll is not woken at 0: the sweep looks at it itself, and wakes nobody where there is nothing to do.
 */
export function wakeDelays(service: ServiceRow, nowMs: number): readonly number[] {
  const attention = attentionFor(service, nowMs);
  const own = attention === "chase" ? chaseSeconds : attention === "wake" ? [0] : [];
  return [...new Set([...own, ...pollDelays(service)])].sort((a, b) => a - b);
}

/** Polls within the minute that follows a sweep's own look. */
function pollDelays({ pollSeconds }: ServiceRow): readonly number[] {
  if (pollSeconds === undefined) return [];
  const step = Math.max(leastPollSeconds, pollSeconds);
  return Array.from({ length: Math.ceil(60 / step) - 1 }, (_, index) => (index + 1) * step);
}

/**
 * Whether a multiple of a service's poll lies in the minute that has just passed: each minute for polls of up to one. Longer
 * ones take turns by shard, so that not all are looked at in the same minute.
 */
function isPollTurn({ key, pollSeconds }: ServiceRow, nowMs: number): boolean {
  if (pollSeconds === undefined) return false;
  const minute = Math.floor(nowMs / minuteMs) + shardOf(key);
  const pollsBy = (minutes: number) => Math.floor((minutes * 60) / pollSeconds);
  return pollsBy(minute) > pollsBy(minute - 1);
}

/** Whether it is a shard's turn to be audited: each once in ten minutes. */
export function isAuditTurn(shard: number, nowMs: number): boolean {
  return shard % 10 === Math.floor(nowMs / minuteMs) % 10;
}
