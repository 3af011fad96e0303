import type { ServiceKey } from "../model/ids.ts";

/** A service as the rows of index "byKind" show it: its spec's row and its state's, joined. */
export interface ServiceRow {
  readonly key: ServiceKey;
  readonly generation?: number;
  readonly observed?: number;
  readonly dueAtMs?: number;
  /** Its health is told by no event. */
  readonly isPolled: boolean;
}

/** What the sweep does about a service. `rest`: nothing but the audit's turn. */
export type Attention = "chase" | "wake" | "poll" | "rest";

/** A service that has been unsettled for longer than this is looked at once a minute only. */
const chaseMs = 10 * 60_000;

/** Joins the rows of one shard by service. Rows: `<key>#spec#<generation>` and `<key>#state#<observed>#<due or ->#<poll or ->`. */
export function joinRows(rows: readonly string[]): readonly ServiceRow[] {
  const joined = new Map<string, ServiceRow>();
  for (const row of rows) {
    const [key = "", kind, generation, due, poll] = row.split("#");
    const before = joined.get(key) ?? { key: key as ServiceKey, isPolled: false };
    const after =
      kind === "spec"
        ? { ...before, generation: Number(generation) }
        : {
            ...before,
            observed: Number(generation),
            isPolled: poll === "poll",
            ...(due === "-" ? {} : { dueAtMs: Number(due) }),
          };
    joined.set(key, after);
  }
  return [...joined.values()];
}

/**
 * How much attention a service needs: `chase` what is on its way, several times a minute; `wake` what is due; `poll` what
 * no event would tell of.
 */
export function attentionFor({ generation, observed, dueAtMs, isPolled }: ServiceRow, nowMs: number): Attention {
  if (generation !== observed) return "chase";
  if (dueAtMs !== undefined && dueAtMs <= nowMs) return nowMs - dueAtMs < chaseMs ? "chase" : "wake";
  return isPolled ? "poll" : "rest";
}

/** Whether it is a shard's turn to be audited: each once in ten minutes. */
export function isAuditTurn(shard: number, nowMs: number): boolean {
  return shard % 10 === Math.floor(nowMs / 60_000) % 10;
}
