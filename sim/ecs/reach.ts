import type { Target } from "../../core/ports/targets.ts";
import type { Ecs, TaskState } from "./state.ts";
import { isLive } from "./state.ts";
import { containerKey } from "./tasks.ts";
import { visiblePort } from "./wire.ts";

/** The task that a target stands for, and the port of 127.0.0.1 that reaches it; undefined unless that container runs. */
export function reach(ecs: Ecs, target: Target): { readonly task: TaskState; readonly hostPort: number } | undefined {
  const owner = ecs.state.addresses.get(target.id);
  const owning = ecs.state.tasks.get(owner ?? "");
  for (const task of owning ? [owning] : onHost(ecs, target.id)) {
    const hostPort = portOf(ecs, task, target.port);
    if (hostPort !== undefined) return { task, hostPort };
  }
  return undefined;
}

function onHost(ecs: Ecs, ec2InstanceId: string): readonly TaskState[] {
  return [...ecs.state.tasks.values()].filter(
    (task) => task.ec2InstanceId === ec2InstanceId && task.networkMode !== "awsvpc" && isLive(task),
  );
}

function portOf(ecs: Ecs, task: TaskState, wanted: number): number | undefined {
  for (const container of task.containers) {
    const hostPorts = ecs.state.running.get(containerKey(task.arn, container.name)) ?? {};
    const port = container.ports.find((port) =>
      task.networkMode === "awsvpc" ? port.containerPort === wanted : visiblePort(port, hostPorts) === wanted,
    );
    const hostPort = port && hostPorts[port.containerPort];
    if (hostPort !== undefined) return hostPort;
  }
  return undefined;
}
