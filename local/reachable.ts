import { serviceOfGroup } from "../core/model/names.ts";
import type { Log } from "../core/ports/log.ts";
import type { EcsEngine, EngineTask } from "../sim/ecs/api.ts";

/** Tells of each task that runs, once, where its ports are reached on this machine; of one without ports, nothing. */
export function tellWhereReachable(engine: EcsEngine, installId: string, log: Log): void {
  const told = new Set<string>();
  engine.onEvent(({ resources: [arn = ""] }) => {
    const task = engine.tasks().find((each) => each.arn === arn);
    if (task?.lastStatus !== "RUNNING") return void told.delete(arn);
    const urls = urlsOf(task);
    if (urls.length === 0 || told.has(arn)) return;
    told.add(arn);
    const service = serviceOfGroup(installId, task.group);
    const message = `task ${arn.slice(arn.lastIndexOf("/") + 1)}  ${urls.join("  ")}`;
    log.write({ level: "info", message, ...(service && { service }) });
  });
}

function urlsOf({ containers }: EngineTask): readonly string[] {
  return containers.flatMap(({ hostPorts }) => Object.values(hostPorts).map((port) => `http://127.0.0.1:${port}`));
}
