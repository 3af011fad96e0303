import type { InstanceInput } from "../sim/ecs/api.ts";
import { localRegion } from "./environment.ts";

/** The zone of each subnet of the local network. */
export const localSubnets: Readonly<Record<string, string>> = {
  "subnet-a": `${localRegion}a`,
  "subnet-b": `${localRegion}b`,
  "subnet-c": `${localRegion}c`,
};

/** One machine of the local cluster. */
export interface NodeOptions {
  /** One of the zones of `localSubnets`. */
  readonly zone: string;
  readonly cpuUnits: number;
  readonly memoryMib: number;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** Six machines of 2 vCPUs and 4 GiB, two in each of three zones. */
export const defaultNodes: readonly NodeOptions[] = [
  ...Object.values(localSubnets),
  ...Object.values(localSubnets),
].map((zone) => ({ zone, cpuUnits: 2048, memoryMib: 4096 }));

/**
 * The container instance that a node becomes: the first has the EC2 instance id `i-00000000000000001`.
 * @throws Error when no subnet lies in its zone.
 */
export function instanceInput(cluster: string, node: NodeOptions, index: number): InstanceInput {
  const [subnet] = Object.entries(localSubnets).find(([, zone]) => zone === node.zone) ?? [];
  if (subnet === undefined) {
    throw new Error(`a node's zone must be one of ${Object.values(localSubnets).join(", ")}, got "${node.zone}"`);
  }
  return { ...node, cluster, subnet, ec2InstanceId: `i-${(index + 1).toString(16).padStart(17, "0")}` };
}
