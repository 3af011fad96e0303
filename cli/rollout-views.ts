import type { ServiceKey } from "../core/model/ids.ts";
import type { FailureReason, RevisionRecord, RolloutRecord, StateRecord } from "../core/model/records.ts";
import { countTasks, type Recorded } from "./count-tasks.ts";
import type { Pause } from "./pauses.ts";
import type { ServiceRecords } from "./read-records.ts";
import { type ConditionView, iso, viewService } from "./views.ts";

/** A revision, with the generation that people name it by; null: its record is gone. */
export interface NamedRevision {
  readonly revision: string;
  readonly generation: number | null;
}

/** Where the rollout of a service stands; with `--json` these are the names. Times are ISO 8601. */
export interface RolloutView {
  readonly service: ServiceKey;
  readonly status: string;
  readonly generation: number;
  /** The generation that all below is of; 0: not looked at yet. */
  readonly observedGeneration: number;
  /** What is rolled out; another than the spec wants while that is rolled back. */
  readonly target: NamedRevision | null;
  /** What the last complete rollout left running. */
  readonly stable: NamedRevision | null;
  /** Tasks wanted. */
  readonly replicas: number;
  /** Tasks of the target that live now; tasks of it that run, are healthy and in their traffic; for long enough. */
  readonly updated: number;
  readonly ready: number;
  readonly available: number;
  /** Tasks of other revisions that live now. */
  readonly older: number;
  readonly paused: Pause | null;
  /** `Progressing`, as it was decided last. */
  readonly condition: ConditionView | null;
  /** Why the rollout ended before it was complete, and what became of it. */
  readonly failure: {
    readonly reason: FailureReason;
    readonly message: string;
    readonly at: string;
    readonly outcome: "rolled back" | "paused";
  } | null;
}

/** What a service ran, or runs. */
export interface RevisionView {
  readonly service: string;
  readonly revision: string;
  /** The last generation that brought it in. */
  readonly generation: number;
  readonly createdAt: string;
  readonly images: readonly string[];
  readonly taskDefinition: string | null;
  /**
   * `current`: what the spec wants · `stable`: what the last complete rollout left running · `proven`: a rollout of it was
   * complete once · `failed`: its last rollout ended early.
   */
  readonly marks: readonly ("current" | "stable" | "proven" | "failed")[];
  /** Why its last rollout ended early. */
  readonly failure: FailureReason | null;
}

/** What a rollout looks like; undefined where nobody described the service. */
export function viewRollout(recorded: Recorded): RolloutView | undefined {
  const { records, revisions } = recorded;
  const service = viewService(records);
  if (service === undefined) return undefined;
  const { progress, stable, rollout } = records.state ?? {};
  const named = (revision: string | undefined) =>
    revision === undefined ? null : { revision, generation: generationOf(revision, revisions) };
  const { failure } = rollout ?? {};
  return {
    service: records.key,
    status: service.status,
    generation: service.generation,
    observedGeneration: service.observedGeneration,
    target: named(progress?.revision),
    stable: named(stable),
    replicas: service.replicas,
    ...countTasks(recorded),
    paused: service.paused,
    condition: service.conditions.find(({ type }) => type === "Progressing") ?? null,
    failure: failure ? viewFailure(failure) : null,
  };
}

function viewFailure({ reason, message, atMs, outcome }: NonNullable<RolloutRecord["failure"]>) {
  return { reason, message, at: iso(atMs), outcome };
}

function generationOf(
  revision: string,
  revisions: readonly Pick<RevisionRecord, "revision" | "generation">[],
): number | null {
  return revisions.find((record) => record.revision === revision)?.generation ?? null;
}

/** What revisions look like, those of the latest generation first. */
export function viewRevisions(
  { key, state }: ServiceRecords,
  revisions: readonly RevisionRecord[],
): readonly RevisionView[] {
  return revisions
    .toSorted((a, b) => b.generation - a.generation || (a.revision < b.revision ? -1 : 1))
    .map((record) => ({
      service: key,
      revision: record.revision,
      generation: record.generation,
      createdAt: iso(record.createdAtMs),
      images: record.content.task.containers.map(({ image }) => image),
      taskDefinition: record.taskDefinition ?? null,
      marks: marksOf(record, state),
      failure: failureOf(record, state) ?? null,
    }));
}

function marksOf(record: RevisionRecord, state: StateRecord | undefined): RevisionView["marks"] {
  const marks = [
    ["current", record.revision === state?.revision],
    ["stable", record.revision === state?.stable],
    ["proven", record.proven],
    ["failed", failureOf(record, state)],
  ] as const;
  return marks.filter(([, applies]) => applies).map(([mark]) => mark);
}

/** Why its last rollout ended early; that of the present one is known before it is on the revision's record. */
function failureOf({ revision, failed }: RevisionRecord, state: StateRecord | undefined): FailureReason | undefined {
  const { rollout } = state ?? {};
  return failed ?? (rollout?.revision === revision ? rollout.failure?.reason : undefined);
}
