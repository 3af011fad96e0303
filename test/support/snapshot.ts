import type { Revision, TaskId } from "../../core/model/ids.ts";
import type {
  CallRecord,
  Held,
  NoticeRecord,
  Progress,
  RevisionRecord,
  SpecRecord,
  StateRecord,
} from "../../core/model/records.ts";
import type { Settings } from "../../core/model/settings.ts";
import { firstSlots } from "../../core/model/slots.ts";
import type { MetricReading } from "../../core/ports/metrics.ts";
import type { TargetHealth, TargetState } from "../../core/ports/targets.ts";
import { takeAim } from "../../core/reconcile/aim.ts";
import { hasChecks } from "../../core/reconcile/serving.ts";
import type { Aimed, Planned, Snapshot, TargetReading } from "../../core/reconcile/snapshot.ts";
import { aStop, drawCalls, drawPlan } from "./drawn-plan.ts";
import { type Drawn, drawTasks } from "./drawn-tasks.ts";
import { aContent, aRevision, aSettings, aSpec, group, key, nodeId, nowMs, type Wished } from "./service.ts";

/** What a test says about a snapshot; the rest is `shop/web` with what `Wished` says, at its stored plan. */
export interface Told extends Wished {
  /** As `drawTasks` reads them. */
  readonly tasks?: string;
  /** As `drawCalls` reads them. */
  readonly calls?: string;
  /** As `drawPlan` reads it: what is stored. None: there is no state yet. */
  readonly plan?: string | "none";
  /** The revision that the spec wants; `v1` unless told. */
  readonly wanted?: string;
  readonly deleting?: boolean;
  readonly spec?: Partial<SpecRecord>;
  readonly state?: Partial<StateRecord>;
  /** Records of revisions that are not just there with a task definition, by revision. */
  readonly revisions?: Readonly<Record<string, Partial<RevisionRecord> | "none">>;
  /** Targets of `arn:group`: drawn as `"t0 healthy, t1 draining, 10.9.9.9 unused"`; unless told each healthy task is healthy. */
  readonly targets?: string | "unread" | "absent";
  /** Tasks that a describe of this pass showed running: all of them, or those named. */
  readonly seen?: readonly string[];
  /** Tasks that this pass looked at: all of them, or those named. */
  readonly described?: readonly string[];
  readonly usage?: Readonly<Record<string, Partial<Held>>>;
  readonly quota?: number;
  readonly settings?: Partial<Settings>;
  readonly notice?: Partial<NoticeRecord>;
  readonly jitter?: number;
  /** When the last pause ended, ms. */
  readonly resumedAtMs?: number;
  /** What the service's metrics show: backlogs, or that there is none to be read. */
  readonly metrics?: readonly (number | "missing")[];
}

/** Everything that one pass reads, from what a test says of it. */
export function aSnapshot(told: Told = {}): Planned {
  const drawn = drawTasks(told.tasks ?? "");
  const spec = aSpec(told, { deleting: told.deleting ?? false, ...told.spec });
  const wanted = (told.wanted ?? "v1") as Revision;
  const settings = aSettings(told.settings);
  const calls = drawCalls(told.calls ?? "");
  const state = told.plan === "none" ? undefined : aState(told, drawn, wanted);
  const notice = aNotice(told, drawn);
  const snapshot: Planned = {
    key,
    nowMs,
    settings: told.quota === undefined ? settings : { ...settings, quota: { services: 500, tasks: told.quota } },
    installId: "local000",
    paused: false,
    resumedAtMs: told.resumedAtMs ?? 0,
    spec,
    ...(state ? { state } : {}),
    revisions: revisionsOf(told, drawn, calls, wanted),
    calls,
    tasks: drawn.map(({ task }) => task),
    wanted: { revision: wanted, content: aContent(told) },
    ...(notice ? { notice } : {}),
    ...usageOf(told),
    targets: targetsOf(told, drawn),
    instances: new Map([[nodeId, "i-1"]]),
    described: new Set((told.described ?? drawn.map(({ task }) => task.taskId)) as TaskId[]),
    seen: new Set((told.seen ?? drawn.map(({ task }) => task.taskId)) as TaskId[]),
    metrics: (told.metrics ?? []).map(readingOfMetric),
    jitter: told.jitter ?? 1,
  };
  return { ...snapshot, tasks: snapshot.tasks.map((task) => (hasChecks(task, snapshot) ? task : unmarked(task))) };
}

/** The same, with what the pass aims at. */
export function anAimed(told: Told = {}): Aimed {
  return takeAim(aSnapshot(told));
}

function readingOfMetric(value: number | "missing"): MetricReading {
  return value === "missing"
    ? { kind: "missing", reason: "it was not there" }
    : { kind: "read", sample: { kind: "total", value } };
}

/** Only tasks with checks have a mark of when they became ready. */
function unmarked({ readySinceMs: _, ...task }: Snapshot["tasks"][number]): Snapshot["tasks"][number] {
  return task;
}

export const nothingYet: Progress = {
  revision: "v1" as Revision,
  updated: 0,
  ready: 0,
  available: 0,
  older: 0,
  atMs: nowMs - 60_000,
  complete: false,
};

function aState(told: Told, drawn: readonly Drawn[], wanted: Revision): StateRecord {
  const replicas = told.replicas ?? 3;
  const stops = drawn.flatMap(({ task, standing }) =>
    standing === "leaving" || standing === "stopping"
      ? [
          [
            task.taskId,
            aStop({ phase: standing, ...(standing === "stopping" ? { tries: 1, lastTryAtMs: nowMs } : {}) }),
          ],
        ]
      : [],
  );
  return {
    partition: `service#${key}`,
    sort: "state",
    schema: 1,
    version: 5,
    uid: "u1",
    tombstone: false,
    generation: 1,
    cluster: "main",
    plan: drawPlan(told.plan ?? `${wanted}:${firstSlots(replicas)} max ${replicas}`),
    planVersion: 1,
    sealVersion: 0,
    held: { tasks: replicas, cpuUnits: replicas * 256, memoryMib: replicas * 512 },
    stops: Object.fromEntries(stops) as StateRecord["stops"],
    conditions: [],
    backOffs: [],
    rollout: { attempt: 1, revision: wanted, startedAtMs: 0 },
    revision: wanted,
    progress: { ...nothingYet, revision: wanted },
    ...told.state,
  };
}

function aNotice({ notice }: Told, drawn: readonly Drawn[]): NoticeRecord | undefined {
  const lost = drawn.filter(({ standing }) => standing === "given up" || standing === "abandoned");
  if (lost.length === 0 && notice === undefined) return undefined;
  return {
    partition: "cluster#main",
    sort: `notice#${key}`,
    schema: 1,
    version: 1,
    uid: key,
    tasks: Object.fromEntries(lost.map(({ task }) => [task.taskId, { why: "node lost", nodeId, atMs: nowMs }])),
    ...notice,
  };
}

function revisionsOf(
  told: Told,
  drawn: readonly Drawn[],
  calls: readonly CallRecord[],
  wanted: Revision,
): readonly RevisionRecord[] {
  const planned = told.plan === undefined || told.plan === "none" ? [] : drawPlan(told.plan).sets;
  const names = new Set<string>([
    wanted,
    ...drawn.map(({ task }) => task.taskDefinition.slice("td/".length)),
    ...[...planned, ...calls.filter(({ members }) => members.length > 0)].map(({ revision }) => revision),
    ...Object.keys(told.revisions ?? {}),
  ]);
  return [...names].toSorted().flatMap((name) => {
    const given = told.revisions?.[name];
    return given === "none" ? [] : [aRevision(name, given, told)];
  });
}

function usageOf({ usage }: Told): Pick<Snapshot, "usage"> {
  if (usage === undefined) return {};
  const entries = Object.entries(usage).map(([name, held]) => [
    name,
    { tasks: 0, cpuUnits: 0, memoryMib: 0, stamp: 1, uid: "u1", ...held },
  ]);
  const place = { partition: "namespace#shop", sort: "usage", schema: 1, version: 1, uid: "namespace#shop" };
  return { usage: { ...place, entries: Object.fromEntries(entries) } };
}

function targetsOf(told: Told, drawn: readonly Drawn[]): ReadonlyMap<string, TargetReading> {
  const groups = [...new Set((told.traffic ?? []).map(({ targetGroup }) => targetGroup ?? group))];
  return new Map(groups.map((each) => [each, readingOf(told, drawn)]));
}

function readingOf({ targets }: Told, drawn: readonly Drawn[]): TargetReading {
  if (targets === "unread" || targets === "absent") return { kind: targets };
  if (targets !== undefined) return { kind: "read", targets: drawTargets(targets) };
  const healthy = drawn.filter(({ task }) => task.status === "RUNNING" && task.health === "HEALTHY");
  return {
    kind: "read",
    targets: healthy.map(({ task }) => ({ id: task.address ?? "", port: 80, state: "healthy" })),
  };
}

/** `"t0 healthy, 10.9.9.9 unused"`: the address of a task that was drawn, or one of nobody's, and the state. */
function drawTargets(text: string): readonly TargetHealth[] {
  return (text === "" ? [] : text.split(", ")).map((target) => {
    const [name = "", state = ""] = target.split(" ");
    return { id: name.replace(/^t/, "10.0.0."), port: 80, state: state as TargetState };
  });
}
