import {
  DeregisterTargetsCommand,
  DescribeTargetHealthCommand,
  type ElasticLoadBalancingV2Client,
  RegisterTargetsCommand,
  type TargetHealthDescription,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Target, TargetHealth, TargetState, Targets } from "../core/ports/targets.ts";
import { callOnce, callTimeoutMs } from "./call-once.ts";
import { chunks } from "./chunks.ts";
import type { ClientPair } from "./clients.ts";
import { readWithin, spareReadTimeoutMs } from "./within-time.ts";

interface TargetsOptions {
  readonly clients: ClientPair<ElasticLoadBalancingV2Client>;
  /** Longest that a mutating call may take. */
  readonly timeoutMs?: number;
  /** Longest that a read may take, in all. */
  readonly readTimeoutMs?: number;
}

/** AWS publishes no limit for one call; its console sends as many. */
const atOnce = 100;

const states: ReadonlySet<string> = new Set<TargetState>([
  "initial",
  "healthy",
  "unhealthy",
  "unhealthy.draining",
  "draining",
  "unused",
  "unavailable",
]);

/** Target groups of Elastic Load Balancing v2. */
export function elbTargets({
  clients,
  timeoutMs = callTimeoutMs,
  readTimeoutMs = spareReadTimeoutMs,
}: TargetsOptions): Targets {
  const { calls, reads } = clients;
  return {
    register: async (targetGroup, targets) => {
      for (const batch of chunks(targets, atOnce)) {
        const command = new RegisterTargetsCommand(ofGroup(targetGroup, batch));
        await callOnce("elb RegisterTargets", timeoutMs, (options) => calls.send(command, options));
      }
    },
    deregister: async (targetGroup, targets) => {
      for (const batch of chunks(targets, atOnce)) {
        const command = new DeregisterTargetsCommand(ofGroup(targetGroup, batch));
        await callOnce("elb DeregisterTargets", timeoutMs, (options) => calls.send(command, options));
      }
    },
    health: async (targetGroup) => {
      const command = new DescribeTargetHealthCommand({ TargetGroupArn: targetGroup });
      const answer = await readWithin("elb DescribeTargetHealth", readTimeoutMs, (options) =>
        reads.send(command, options),
      );
      return (answer.TargetHealthDescriptions ?? []).flatMap(targetHealth);
    },
  };
}

function ofGroup(targetGroup: string, targets: readonly Target[]) {
  return { TargetGroupArn: targetGroup, Targets: targets.map(({ id, port }) => ({ Id: id, Port: port })) };
}

/** A state that we do not know yet tells nothing about the target's health: `unavailable`, as where checks are off. */
function targetHealth({ Target, TargetHealth: health }: TargetHealthDescription): readonly TargetHealth[] {
  const { Id: id, Port: port } = Target ?? {};
  if (id === undefined || port === undefined) return [];
  const state = health?.State !== undefined && states.has(health.State) ? health.State : "unavailable";
  return [{ id, port, state, ...(health?.Reason && { reason: health.Reason }) }];
}
