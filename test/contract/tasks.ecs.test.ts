import { ecsTasks } from "../../aws/tasks.ts";
import { localAws } from "./local-aws.ts";
import { tasksContract } from "./tasks.ts";

const start = localAws();

tasksContract("the tasks on ECS", async ({ engine, clock }) => {
  const { clients } = await start({ ecs: engine });
  return ecsTasks({ clients: clients.ecs, clock });
});
