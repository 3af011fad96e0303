import type { Ecs, InstanceState, TaskState } from "./state.ts";
import { instanceDetail, type Json, taskDetail } from "./wire.ts";

/** Tells listeners, once the operation under way is complete, what a task looks like now. */
export function emitTask(ecs: Ecs, task: TaskState): void {
  emit(ecs, "ECS Task State Change", task.arn, taskDetail(ecs, task));
}

/** Tells listeners, once the operation under way is complete, what a container instance looks like now. */
export function emitInstance(ecs: Ecs, instance: InstanceState): void {
  emit(ecs, "ECS Container Instance State Change", instance.arn, instanceDetail(ecs, instance));
}

function emit(ecs: Ecs, detailType: string, resource: string, detail: Json): void {
  ecs.outbox.push({
    version: "0",
    id: uuid(ecs.options.hex(32)),
    "detail-type": detailType,
    source: "aws.ecs",
    account: ecs.options.account,
    time: new Date(ecs.options.nowMs()).toISOString().replace(/\.\d+Z$/, "Z"),
    region: ecs.options.region,
    resources: [resource],
    detail,
  });
}

function uuid(hex: string): string {
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
