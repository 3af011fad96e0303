import type { Start } from "../../core/dispatch/starts.ts";
import type { CallRecord } from "../../core/model/records.ts";
import type { Caller } from "../../steps/send-call.ts";
import { startStopwatch } from "../../steps/stopwatch.ts";
import { aDefinition } from "../contract/ecs-world.ts";
import { aView, type Viewed } from "./service-view.ts";
import { aStage, type Stage } from "./stage.ts";

/** A stage on which calls of `shop/web` can be made: what it runs is registered, and its node is the first. */
export interface CallScene extends Stage {
  readonly caller: Caller;
  /** One task of `v1` in slot 0, on the first node. */
  readonly start: Start;
}

/** A service as it was read now, and a start of it. */
export async function aCallScene(viewed: Viewed = {}): Promise<CallScene> {
  const stage = aStage();
  const taskDefinition = await stage.tasks.define(aDefinition());
  const view = aView({ mode: "bridge", revisions: { v1: { taskDefinition } }, ...viewed });
  const [set] = view.state.plan.sets;
  const [revision] = view.revisions;
  const [nodeId] = await stage.tasks.listNodes("main");
  const [node] = nodeId === undefined ? [] : await stage.tasks.describeNodes("main", [nodeId]);
  if (!set || !revision || !node) throw new Error("a scene needs a set, its revision and a node");
  const { ec2InstanceId, zone } = node;
  return {
    ...stage,
    caller: { view, installId: "local000", cluster: "main", stopwatch: startStopwatch(stage.clock) },
    start: {
      set,
      revision: { ...revision, taskDefinition },
      slots: [0],
      spot: { kind: "node", nodeId: node.nodeId, ec2InstanceId, zone },
      purpose: "replace",
      isGrowing: false,
    },
  };
}

/** The calls on record, in their order. */
export function callsOf({ store, caller }: CallScene): Promise<readonly CallRecord[]> {
  return store.query<CallRecord>(`service#${caller.view.key}`, "call#");
}

/** A call as a line: `1 answered 0=t1 1=RESOURCE:CPU tries 2`, its tasks by the order of their ids. */
export function drawCall({ seq, phase, members, tries }: CallRecord): string {
  const ids = members.flatMap(({ taskId }) => taskId ?? []).toSorted();
  const drawn = members.map(({ slot, taskId, failure }) =>
    taskId === undefined ? `${slot}=${failure ?? "?"}` : `${slot}=t${ids.indexOf(taskId)}`,
  );
  return [seq, phase, ...drawn, ...(tries > 1 ? [`tries ${tries}`] : [])].join(" ");
}
