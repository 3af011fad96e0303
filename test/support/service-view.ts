import type { ServiceView } from "../../core/dispatch/service-view.ts";
import type { ServiceKey } from "../../core/model/ids.ts";
import type { CallRecord, PlannedSet, StateRecord } from "../../core/model/records.ts";
import { key, nowMs } from "./service.ts";
import { aSnapshot, type Told } from "./snapshot.ts";

/** What a test says about a service as dispatch sees it; the rest is three replicas of `v1`, none of them started. */
export interface Viewed extends Told {
  readonly key?: string;
  readonly paused?: boolean;
  /** Changes of the plan's set. */
  readonly set?: Partial<PlannedSet>;
  /** Changes of calls by their number. */
  readonly call?: Readonly<Record<number, Partial<CallRecord>>>;
}

/** A service as dispatch sees it. */
export function aView(viewed: Viewed = {}): ServiceView {
  const { spec, state, revisions, calls, tasks } = aSnapshot(viewed);
  if (state === undefined) throw new Error("dispatch looks only at services that have a state");
  return {
    key: (viewed.key ?? key) as ServiceKey,
    readAtMs: nowMs,
    paused: viewed.paused ?? false,
    state: withSet(state, viewed.set),
    revisions,
    calls: calls.map((call) => ({ ...call, ...viewed.call?.[call.seq] })),
    tasks,
    ...(viewed.restart && spec ? { restart: spec.manifest.spec.restart } : {}),
  };
}

function withSet(state: StateRecord, set: Partial<PlannedSet> = {}): StateRecord {
  const sets = state.plan.sets.map((each) => ({ ...each, ...set }));
  return { ...state, plan: { ...state.plan, sets } };
}
