import { engineTasks } from "../../sim/ecs/port.ts";
import { anEcsWorld, underTest } from "./ecs-world.ts";
import { tasksContract } from "./tasks.ts";

tasksContract("the tasks of the engine", async () => {
  const world = anEcsWorld();
  return underTest(world, engineTasks(world.engine, world.clock));
});
