import { isDeepStrictEqual } from "node:util";
import type {
  CallRecord,
  ClusterRecord,
  CommandRecord,
  Item,
  NamespaceRecord,
  NoticeRecord,
  SpecRecord,
  StateRecord,
  TaskRecord,
} from "../../core/model/records.ts";
import { short, subjectOf, wordsOfPlan } from "./tell-words.ts";

/** Tells of one sort of item: what is new since it was written before. */
interface Teller {
  readonly partition: string;
  readonly sort: string;
  readonly tell: (item: never, before: never | undefined) => readonly (string | undefined)[];
}

const tellers: readonly Teller[] = [
  { partition: "service#", sort: "spec", tell: tellSpec },
  { partition: "service#", sort: "state", tell: tellState },
  { partition: "service#", sort: "call#", tell: tellCallRecord },
  { partition: "service#", sort: "task#", tell: tellTask },
  { partition: "command#", sort: "result", tell: tellCommand },
  { partition: "namespace#", sort: "spec", tell: tellNamespace },
  { partition: "cluster#", sort: "state", tell: tellCluster },
  { partition: "cluster#", sort: "notice#", tell: tellNotice },
];

/** What the writing of an item means, in words; empty: nothing that people have a word for. */
export function tellItem(item: Item, before: Item | undefined): readonly string[] {
  const { partition, sort } = item;
  const teller = tellers.find((each) => partition.startsWith(each.partition) && sort.startsWith(each.sort));
  return (teller?.tell(item as never, before as never) ?? []).filter((words) => words !== undefined);
}

function tellSpec(item: SpecRecord, before?: SpecRecord): readonly (string | undefined)[] {
  const key = subjectOf(item.partition);
  const { generation, manifest, paused, rolloutPaused = false, deleting } = item;
  const image = manifest.spec.task.containers[0]?.image;
  return [
    generation === before?.generation
      ? undefined
      : `accepts generation ${generation} of ${key}: ${manifest.spec.replicas} of ${image}`,
    turned(paused, before?.paused, `pauses ${key}`, `resumes ${key}`),
    turned(rolloutPaused, before?.rolloutPaused, `pauses the rollout of ${key}`, `resumes the rollout of ${key}`),
    turned(deleting, before?.deleting, `marks ${key} to be deleted`),
  ];
}

function tellState(item: StateRecord, before?: StateRecord): readonly (string | undefined)[] {
  const key = subjectOf(item.partition);
  const { rollout, scale, tombstone } = item;
  const isFailed = rollout?.failure !== undefined && before?.rollout?.failure?.atMs !== rollout.failure.atMs;
  return [
    isDeepStrictEqual(item.plan, before?.plan) ? undefined : `plans for ${key}: ${wordsOfPlan(item)}`,
    isFailed ? `ends the rollout of ${key}, ${rollout?.failure?.outcome}: ${rollout?.failure?.reason}` : undefined,
    scale !== undefined && scale.replicas !== before?.scale?.replicas
      ? `scales ${key} to ${scale.replicas}`
      : undefined,
    ...stopsOf(item, before),
    ...item.conditions
      .filter(({ type, reason }) => !before?.conditions.some((each) => each.type === type && each.reason === reason))
      .map(({ type, status, reason, message }) => `says of ${key}: ${type} ${status}, ${reason}: ${message}`),
    tombstone && !before?.tombstone ? `writes the tombstone of ${key}` : undefined,
  ];
}

function stopsOf({ partition, stops }: StateRecord, before?: StateRecord): readonly string[] {
  return Object.entries(stops)
    .filter(([taskId, { phase }]) => before?.stops[taskId]?.phase !== phase)
    .map(([taskId, { phase, why }]) =>
      phase === "leaving"
        ? `lets task ${short(taskId)} of ${subjectOf(partition)} leave: ${why}`
        : `decides to stop task ${short(taskId)} of ${subjectOf(partition)}: ${why}`,
    );
}

function tellCallRecord(item: CallRecord, before?: CallRecord): readonly (string | undefined)[] {
  const call = `call ${item.seq} of ${subjectOf(item.partition)}`;
  if (before === undefined && item.members.length === 0) return [`seals plan version ${item.planVersion} as ${call}`];
  const slots = item.members.map(({ slot }) => slot).join(" ");
  if (before === undefined)
    return [`stores ${call}: slots ${slots} of revision ${short(item.revision)} on node ${short(item.nodeId ?? "")}`];
  const why = item.refusal ?? item.reason;
  return [item.phase === before.phase ? undefined : `writes ${call} as ${item.phase}${why ? `: ${why}` : ""}`];
}

function tellTask(item: TaskRecord, before?: TaskRecord): readonly (string | undefined)[] {
  const task = `task ${short(item.taskId)} of ${subjectOf(item.partition)}`;
  return [
    item.abandonedAtMs !== undefined && before?.abandonedAtMs === undefined ? `abandons ${task}` : undefined,
    item.missingAtMs !== undefined && before?.missingAtMs === undefined ? `misses ${task}` : undefined,
  ];
}

function tellCommand({ type, object, phase, issues = [] }: CommandRecord): readonly string[] {
  const of = object === undefined ? "" : ` of ${object}`;
  const why = issues.length > 0 ? `: ${issues.map(({ message }) => message).join("; ")}` : "";
  return phase === "received" ? [] : [`answers ${type.split(".").at(-1)}${of}: ${phase}${why}`];
}

function tellNamespace(item: NamespaceRecord, before?: NamespaceRecord): readonly (string | undefined)[] {
  const namespace = subjectOf(item.partition);
  return [turned(item.paused, before?.paused, `pauses namespace ${namespace}`, `resumes namespace ${namespace}`)];
}

function tellCluster({ lost }: ClusterRecord, before?: ClusterRecord): readonly string[] {
  return Object.keys(lost)
    .filter((node) => before?.lost[node] === undefined)
    .map((node) => `gives up node ${short(node)}`);
}

function tellNotice(item: NoticeRecord, before?: NoticeRecord): readonly (string | undefined)[] {
  const key = item.sort.slice("notice#".length);
  const { unplaced } = item;
  return [
    ...Object.entries(item.tasks)
      .filter(([taskId]) => before?.tasks[taskId] === undefined)
      .map(([taskId, { why }]) => `asks ${key} to give up task ${short(taskId)}: ${why}`),
    unplaced !== undefined && unplaced.message !== before?.unplaced?.message
      ? `finds no place for ${unplaced.tasks} of ${key}: ${unplaced.message}`
      : undefined,
  ];
}

function turned(now: boolean, before: boolean | undefined, on: string, off?: string): string | undefined {
  if (now === (before ?? false)) return undefined;
  return now ? on : off;
}
