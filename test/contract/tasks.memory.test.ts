import { engineTasks } from "../../sim/ecs/port.ts";
import { tasksContract } from "./tasks.ts";

tasksContract("the tasks of the engine", async ({ engine, clock }) => engineTasks(engine, clock));
