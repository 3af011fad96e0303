import type { ServiceKey } from "../../core/model/ids.ts";
import type { EngineInstance } from "../ecs/api.ts";
import type { World } from "../world.ts";

const cluster = "main";

/** A node on which a service has a task is terminated; another joins. */
export function loseNode(world: World, key: ServiceKey, fraction: number): void {
  const live = world.truth.live(key);
  const gone = live[Math.floor(fraction * live.length)]?.ec2InstanceId;
  if (gone !== undefined) replace(world, gone);
}

/** Every node of a zone is terminated; as many join, in whatever zone. */
export function loseZone(world: World, fraction: number): void {
  const active = activeNodes(world);
  const zone = active[Math.floor(fraction * active.length)]?.zone;
  for (const node of active) if (node.zone === zone) replace(world, node.ec2InstanceId);
}

/** The agent of one node disconnects; without a fraction those of all do. They stay so until `restoreMachines`. */
export function loseAgents(world: World, fraction?: number): void {
  const active = activeNodes(world);
  const one = fraction === undefined ? undefined : active[Math.floor(fraction * active.length)];
  for (const node of one ? [one] : active) world.aws.engine.setAgentConnected(cluster, node.ec2InstanceId, false);
}

/** Every agent is connected again, and there are at least so many nodes. */
export function restoreMachines(world: World, nodes: number): void {
  for (const { ec2InstanceId, agentConnected } of activeNodes(world))
    if (!agentConnected) world.aws.engine.setAgentConnected(cluster, ec2InstanceId, true);
  for (let count = activeNodes(world).length; count < nodes; count += 1) world.aws.addNode();
}

/** Starts a task as somebody else would, by hand. */
export function startForeignTask({ aws: { engine } }: World): void {
  const containerDefinitions = [{ name: "app", image: "foreign:1", cpu: 64, memory: 64 }];
  engine.handle("RegisterTaskDefinition", { family: "foreign", containerDefinitions });
  engine.handle("RunTask", { cluster, taskDefinition: "foreign", count: 1, startedBy: "somebody" });
}

function replace(world: World, ec2InstanceId: string): void {
  world.aws.engine.terminateInstance(cluster, ec2InstanceId);
  world.aws.addNode();
}

function activeNodes({ aws }: World): readonly EngineInstance[] {
  return aws.engine.instances().filter(({ status }) => status === "ACTIVE");
}
