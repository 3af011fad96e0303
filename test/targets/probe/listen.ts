import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { type Caller, jsonCall } from "./signed-call.ts";

/** Looks whether an event of a task has come. */
export type Arrived = (taskArn: string) => Promise<boolean>;

/** Reads a queue that ECS's events are known to arrive on. */
export function arrivedOn(sqs: SQSClient, QueueUrl: string): Arrived {
  let texts = "";
  return async (taskArn) => {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    texts += Messages.map(({ Body }) => Body).join("\n");
    return texts.includes(taskArn);
  };
}

/** Makes a queue, and a rule of EventBridge that sends ECS's task events there. */
export async function listenByRule(sqs: SQSClient, caller: Caller, prefix: string): Promise<Arrived> {
  const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName: `${prefix}-events` }));
  const attributes = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] });
  const { Attributes } = await sqs.send(attributes);
  const EventPattern = JSON.stringify({ source: ["aws.ecs"], "detail-type": ["ECS Task State Change"] });
  const Targets = [{ Id: "queue", Arn: Attributes?.QueueArn }];
  await jsonCall(caller, "events", "AWSEvents.PutRule", { Name: prefix, EventPattern });
  await jsonCall(caller, "events", "AWSEvents.PutTargets", { Rule: prefix, Targets });
  return arrivedOn(sqs, QueueUrl);
}
