import type { ServiceKey } from "../model/ids.ts";
import type { CallRecord, NoticeRecord } from "../model/records.ts";
import type { Settings } from "../model/settings.ts";
import { type CallDue, callsDue, forgettableCalls } from "./calls.ts";
import type { ClusterView } from "./candidates.ts";
import { judgeNodes, type NodeVerdicts } from "./nodes.ts";
import { type NoticeChange, noticesToChange } from "./placement-notices.ts";
import type { ServiceView } from "./service-view.ts";
import { decideStarts, type ServiceStarts } from "./starts.ts";

/** How soon nodes that could not be read are looked at again. */
export const unreadMs = 5_000;

/** All that dispatch reads before it decides. */
export interface ClusterSnapshot extends ClusterView {
  readonly installId: string;
  readonly views: readonly ServiceView[];
  readonly notices: ReadonlyMap<ServiceKey, NoticeRecord>;
}

/** What is to be done in one pass over a cluster, in the order in which it is done. */
export interface ClusterPlan {
  /** What it rests on. */
  readonly snapshot: ClusterSnapshot;
  /** Nodes that are given up, or back. */
  readonly verdicts: NodeVerdicts;
  /** Calls that nobody needs any more. */
  readonly forget: readonly CallRecord[];
  /** What each open call needs, or waits for. */
  readonly steps: readonly (CallDue & { readonly view: ServiceView })[];
  /** What services are told of their placement. */
  readonly notices: readonly NoticeChange[];
  /** What may start now, and what has no place. */
  readonly starts: readonly ServiceStarts[];
}

/** Decides a pass over a cluster. */
export function planCluster(snapshot: ClusterSnapshot, settings: Settings, nowMs: number): ClusterPlan {
  const { views, nodes, state } = snapshot;
  const starts = decideStarts(views, snapshot, settings, nowMs);
  return {
    snapshot,
    verdicts: judgeNodes(nodes, state, nowMs),
    forget: views.flatMap(({ calls, tasks }) => forgettableCalls(calls, tasks, nowMs)),
    steps: views.flatMap((view) => callsDue(view, nowMs, settings.functionTimeoutMs).map((due) => ({ view, ...due }))),
    notices: noticesToChange(snapshot, starts),
    starts,
  };
}

/** Whether nothing is to be done now: at most something is waited for. */
export function isIdle({ verdicts, steps, starts, forget, notices }: ClusterPlan): boolean {
  return (
    verdicts.lost.length + verdicts.returned.length + forget.length + notices.length === 0 &&
    steps.every(({ step }) => step.kind === "wait") &&
    starts.every((each) => each.starts.length === 0)
  );
}

/** When what is waited for may have come, ms: a call's next step, or nodes that could not be read; infinite: nothing is. */
export function nextLook({ steps, snapshot }: ClusterPlan, nowMs: number): number {
  const waits = steps.flatMap(({ step }) => (step.kind === "wait" ? [step.untilMs] : []));
  return Math.min(...waits, snapshot.sightings === undefined ? nowMs + unreadMs : Number.POSITIVE_INFINITY);
}
