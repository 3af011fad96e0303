import { CreateClusterCommand } from "@aws-sdk/client-ecs";
import { expect, vi } from "vitest";
import { systemClock } from "../../aws/clock.ts";
import { ecsTasks } from "../../aws/tasks.ts";
import { ownName, target } from "../support/target.ts";
import { networkOf } from "../targets/probe/machines.ts";
import { callerOf } from "../targets/probe/signed-call.ts";
import { aCall, aContainer, aDefinition, type EcsUnderTest } from "./ecs-world.ts";
import type { ContractAws } from "./local-aws.ts";

/** No test of the contract waits longer for a real task. */
const patienceMs = 30_000;

/** The target's own ECS, with a cluster and families that nobody else uses; all tasks are on Fargate. */
export async function targetEcs({ clients, variables }: ContractAws): Promise<EcsUnderTest> {
  const cluster = ownName();
  await clients.ecs.calls.send(new CreateClusterCommand({ clusterName: cluster }));
  const caller = callerOf({ ...variables, AWS_ENDPOINT_URL: target?.offered.AWS_ENDPOINT_URL_ECS ?? "" });
  const { subnets, securityGroups } = await networkOf(caller);
  const { image = "shop/web:1", command = ["serve"] } = target?.program ?? {};
  const container = { ...aContainer(), image, entryPoint: command.slice(0, 1), command: command.slice(1) };
  return {
    tasks: ecsTasks({ clients: clients.ecs, clock: systemClock() }),
    cluster,
    definition: (change = {}, service = "web") =>
      aDefinition({
        family: `longshore_${cluster}_shop_${service}`,
        network: { mode: "awsvpc", subnets, securityGroups, publicIp: false },
        capacity: "fargate",
        containers: [container],
        ...change,
      }),
    call: (taskDefinition, change = {}) =>
      aCall(taskDefinition, {
        cluster,
        launchType: "FARGATE",
        networkConfiguration: {
          awsvpcConfiguration: { subnets, securityGroups, assignPublicIp: "DISABLED" },
        },
        ...change,
      }),
    // Within a minute or so: their clock and ours are two.
    now: () => expect.closeTo(Date.now(), -5),
    after: (_, check) => vi.waitFor(check, { timeout: patienceMs, interval: 100 }),
  };
}
