import { recordNode } from "../../core/model/merge.ts";
import { keys } from "../../core/model/names.ts";
import { type NodeRecord, type RevisionRecord, type StateRecord, schema } from "../../core/model/records.ts";
import { aDefinition } from "../contract/ecs-world.ts";
import { aRevision, key } from "./service.ts";
import { aView } from "./service-view.ts";
import { aStage, type Stage } from "./stage.ts";

/** `shop/web` with one replica that nobody has started, on a cluster whose nodes are on record. */
export async function aWaitingService(): Promise<Stage> {
  const stage = aStage();
  const { store, tasks } = stage;
  for (const sighting of await tasks.describeNodes("main", await tasks.listNodes("main")))
    await store.create<NodeRecord>({
      ...keys.node("main", sighting.nodeId),
      schema,
      uid: sighting.nodeId,
      ...recordNode(sighting),
    });
  const taskDefinition = await tasks.define(aDefinition());
  const { state } = aView({ replicas: 1, state: { waitShard: "main#0", waitRow: `050#${key}` } });
  await store.create<StateRecord>(state);
  await store.create<RevisionRecord>(aRevision("v1", { taskDefinition }, { mode: "bridge" }));
  return stage;
}
