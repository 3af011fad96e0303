import { ecsTasks } from "../../aws/tasks.ts";
import { target } from "../support/target.ts";
import { anEcsWorld, underTest } from "./ecs-world.ts";
import { localAws } from "./local-aws.ts";
import { targetEcs } from "./target-ecs.ts";
import { tasksContract } from "./tasks.ts";

const start = localAws();

tasksContract("the tasks on ECS", async () => {
  if (target?.offered.AWS_ENDPOINT_URL_ECS) return targetEcs(await start());
  const world = anEcsWorld();
  const { clients } = await start({ ecs: world.engine });
  return underTest(world, ecsTasks({ clients: clients.ecs, clock: world.clock }));
});
