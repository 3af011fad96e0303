import type {
  ClusterRecord,
  CommandRecord,
  Item,
  NoticeRecord,
  SpecRecord,
  StateRecord,
} from "../../core/model/records.ts";
import type { CallSite } from "../world/call-site.ts";
import type { Answer } from "../world/calls.ts";
import { nameOf, written } from "../world/witness.ts";

/**
 * Guards whose engagement can be seen in a call or a record, by their names in the fault model. The others are absent, so
 * that no count of 0 is taken for one that was looked for.
 */
export const guardNames = [
  "ECS call budget",
  "Rollout breaker",
  "Restart backoff",
  "Node loss",
  "Scale-in",
  "Absolute caps",
  "Large change",
  "Kill switch",
] as const;

/** Name of a guard. */
export type GuardName = (typeof guardNames)[number];

/** The guards that engaged in a call that was carried out. */
export function engagedIn(site: CallSite, answer: Answer): readonly GuardName[] {
  if (nameOf(site) === "store.take")
    return answer.kind === "value" && answer.value === false ? ["ECS call budget"] : [];
  const item = written(site, answer);
  if (item === undefined) return [];
  const before = site.method === "swap" ? (site.args[0] as Item) : undefined;
  if (item.sort === "state" && item.partition.startsWith("service#"))
    return ofState(item as StateRecord, before as StateRecord | undefined);
  if (item.partition.startsWith("cluster#")) return ofCluster(item, before);
  if (item.sort === "result") return ofCommand(item as CommandRecord);
  return item.sort === "spec" && isPaused(item) && !(before && isPaused(before)) ? ["Kill switch"] : [];
}

function ofState(item: StateRecord, before?: StateRecord): readonly GuardName[] {
  const isNew = (reason: string) =>
    item.conditions.some((each) => each.reason === reason) &&
    !before?.conditions.some((each) => each.reason === reason);
  const failure = item.rollout?.failure;
  const isTripped = failure?.reason === "BreakerTripped" && before?.rollout?.failure?.atMs !== failure.atMs;
  const failuresOf = (state?: StateRecord) => (state?.backOffs ?? []).reduce((sum, { failures }) => sum + failures, 0);
  const rows: readonly (readonly [GuardName, boolean])[] = [
    ["Rollout breaker", isTripped],
    ["Restart backoff", failuresOf(item) > failuresOf(before)],
    ["Scale-in", isNew("MetricMissing")],
    ["Absolute caps", isNew("QuotaExceeded")],
  ];
  return rows.flatMap(([name, engaged]) => (engaged ? [name] : []));
}

function ofCluster(item: Item, before?: Item): readonly GuardName[] {
  const lostOf = (some?: Item) => Object.keys((some as ClusterRecord | undefined)?.lost ?? {}).length;
  const noticedOf = (some?: Item) => Object.keys((some as NoticeRecord | undefined)?.tasks ?? {}).length;
  return lostOf(item) > lostOf(before) || noticedOf(item) > noticedOf(before) ? ["Node loss"] : [];
}

function ofCommand({ phase, issues = [] }: CommandRecord): readonly GuardName[] {
  return phase === "refused" && issues.some(({ code }) => code === "needs-confirmation") ? ["Large change"] : [];
}

function isPaused(item: Item): boolean {
  return (item as SpecRecord).paused === true;
}
