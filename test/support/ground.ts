import type { Ground, History } from "../../core/admission/ground.ts";
import type { Change } from "../../core/admission/outcomes.ts";
import type { Revision } from "../../core/model/ids.ts";
import type { SpecRecord, StateRecord } from "../../core/model/records.ts";
import { aManifest, aRevision, aSpec, key, nowMs } from "./service.ts";
import { aSnapshot } from "./snapshot.ts";

/** What a command of hash `c9` stands on: a spec of generation 4 and version 7, received since. */
export function aGround(given: Partial<Ground> = {}): Ground {
  return {
    spec: aGroundSpec(),
    base: 7,
    baseGeneration: 4,
    hash: "c9",
    nowMs,
    lastGeneration: 0,
    services: { used: 1, most: 10 },
    history: { revisions: [] },
    ...given,
  };
}

/** Generation 4 and attempt 3, version 7, three replicas; everything was written at version 7 last. */
export function aGroundSpec(given: Partial<SpecRecord> = {}): SpecRecord {
  const wrote = { wroteManifest: 7, wroteReplicas: 7, wrotePause: 7 };
  return aSpec({}, { version: 7, generation: 4, attempt: 3, ...wrote, ...given });
}

const next = { manifest: aManifest({ replicas: 9 }), lastCommand: "c2", acceptedAtMs: 1 };

/** There is no service, one that is being deleted, and one that an apply came for while it was. */
export const grounds = {
  none: { spec: undefined, base: 0, baseGeneration: 0 },
  deleting: { spec: aGroundSpec({ deleting: true }) },
  reborn: { spec: aGroundSpec({ deleting: true, next }) },
} satisfies Readonly<Record<string, Partial<Ground>>>;

/** The outcome in a word, with the generation or the code of the issue: `"swap 5"`, `"refused not-found"`. */
export function outcomeOf(change: Change): string {
  return "issues" in change
    ? `${change.kind} ${change.issues.map(({ code }) => code).join(" ")}`
    : `${change.kind} ${change.generation}`;
}

/** What a swap writes; of any other change why there is none. */
export function changesOf(change: Change): object {
  return change.kind === "swap" ? change.changes : change;
}

/** Who is named by the commands of tests, and under no conditions. */
export const aimed = { key, confirm: false } as const;

/** Revision `bbbb2222` of generation 3 is wanted and being rolled out, in place of `aaaa1111` of generation 1. */
export function aHistory(state: Partial<StateRecord> = {}): History {
  const wanted = "bbbb2222" as Revision;
  const stable = "aaaa1111" as Revision;
  const rollout = { attempt: 3, revision: wanted, startedAtMs: 0 };
  const generation = 4;
  return {
    wanted,
    revisions: [
      aRevision("aaaa1111", { given: { task: aManifest({ cpuUnits: 512 }).spec.task, capacity: [{ type: "ec2" }] } }),
      aRevision(wanted, { generation: 3 }),
    ],
    ...withState({ stable, rollout, generation, revision: wanted, ...state }),
  };
}

/** The attempt that is under way has failed, at 500. */
export function aFailure(outcome: "rolled back" | "paused"): Pick<StateRecord, "rollout"> {
  const failure = { reason: "BreakerTripped", message: "3 tasks failed", atMs: 500, outcome } as const;
  return { rollout: { attempt: 3, revision: "bbbb2222" as Revision, startedAtMs: 0, failure } };
}

function withState(state: Partial<StateRecord>): Pick<History, "state"> {
  const { state: whole } = aSnapshot({ state });
  return whole ? { state: whole } : {};
}
