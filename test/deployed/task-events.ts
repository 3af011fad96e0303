import { setTimeout as delay } from "node:timers/promises";
import type { Task } from "@aws-sdk/client-ecs";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { type Aws, queueUrl } from "./aws.ts";
import type { Service } from "./service.ts";

const pauseMs = 300;

/** Stands in for what MiniStack has not: ECS's events of a service, and the rule that takes them to the install. */
export interface TaskEvents {
  stop(): Promise<void>;
}

/**
 * From now on, tells the install each change of the service's tasks as ECS does: one event for each version of a task,
 * in the documented shape, on the queue that the stack's rule sends them to. (PutEvents takes none from `aws.ecs`.)
 */
export async function forwardTaskEvents(aws: Aws, service: Service): Promise<TaskEvents> {
  const QueueUrl = await queueUrl(aws, "observations");
  const told = new Map<string | undefined, number | undefined>();
  let stopped = false;
  const look = async () => {
    for (const task of await service.tasks()) {
      if (told.get(task.taskArn) === task.version) continue;
      await aws.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(taskEvent(task)) }));
      told.set(task.taskArn, task.version);
    }
  };
  const looking = (async () => {
    while (!stopped) {
      await look();
      await delay(pauseMs);
    }
  })();
  return {
    stop: () => {
      stopped = true;
      return looking;
    },
  };
}

/** What EventBridge delivers when a task changed. */
export function taskEvent(task: Task): object {
  const [, , , region, account] = task.taskArn?.split(":") ?? [];
  return {
    version: "0",
    id: crypto.randomUUID(),
    "detail-type": "ECS Task State Change",
    source: "aws.ecs",
    account,
    time: new Date().toISOString(),
    region,
    resources: [task.taskArn],
    detail: task,
  };
}
