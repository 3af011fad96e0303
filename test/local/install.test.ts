import { DescribeTableCommand } from "@aws-sdk/client-dynamodb";
import { GetQueueAttributesCommand, ReceiveMessageCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { describe, expect, test } from "vitest";
import { createInstall, type InstallOptions } from "../../local/install.ts";
import { useEndpoint } from "./use-endpoint.ts";

const endpoint = useEndpoint();
const install = (options?: InstallOptions) =>
  createInstall({ dynamodb: endpoint.dynamodb(), sqs: endpoint.sqs() }, options);

async function attributesOf(QueueUrl: string): Promise<Record<string, string>> {
  const { Attributes = {} } = await endpoint
    .sqs()
    .send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }));
  return Attributes;
}

describe("an install", () => {
  test("has its table and queues, and is created again without harm", async () => {
    const at = (name: string) => `${endpoint.url()}/000000000000/${name}`;
    const expected = {
      table: "longshore",
      queues: {
        commands: at("longshore-commands.fifo"),
        work: at("longshore-work"),
        dispatch: at("longshore-dispatch"),
        observations: at("longshore-observations"),
      },
      deadLetters: {
        commands: at("longshore-commands-dead.fifo"),
        work: at("longshore-work-dead"),
        dispatch: at("longshore-dispatch-dead"),
        observations: at("longshore-observations-dead"),
      },
    };
    expect(await install()).toEqual(expected);
    expect(await install()).toEqual(expected);
    const { Table } = await endpoint.dynamodb().send(new DescribeTableCommand({ TableName: "longshore" }));
    expect(Table?.TableStatus).toBe("ACTIVE");
  });

  test.for([
    { queue: "commands", dead: "longshore-commands-dead.fifo", retention: "345600" },
    { queue: "work", dead: "longshore-work-dead", retention: "345600" },
    { queue: "dispatch", dead: "longshore-dispatch-dead", retention: "345600" },
    { queue: "observations", dead: "longshore-observations-dead", retention: "3600" },
  ] as const)("$queue: 180 s, and the fifth failure ends in its dead letters", async ({ queue, dead, retention }) => {
    const { queues } = await install();
    const attributes = await attributesOf(queues[queue]);
    expect(attributes).toMatchObject({ VisibilityTimeout: "180", MessageRetentionPeriod: retention });
    expect(JSON.parse(attributes.RedrivePolicy ?? "")).toEqual({
      deadLetterTargetArn: `arn:aws:sqs:us-east-1:000000000000:${dead}`,
      maxReceiveCount: 5,
    });
  });

  test.for([
    { name: "with a deduplication id", deduplication: { MessageDeduplicationId: "d1" } },
    { name: "without one", deduplication: {} },
  ])("a command is sent $name", async ({ name, deduplication }) => {
    const { queues } = await install();
    const { SequenceNumber } = await endpoint
      .sqs()
      .send(
        new SendMessageCommand({ QueueUrl: queues.commands, MessageBody: name, MessageGroupId: "g", ...deduplication }),
      );
    expect(SequenceNumber).toBeDefined();
  });

  test("a message that is never deleted is a dead letter after `maxReceiveCount` receives", async () => {
    const sqs = endpoint.sqs();
    const { queues, deadLetters } = await install({ name: "short", visibilityTimeoutSeconds: 0, maxReceiveCount: 2 });
    for (const queue of ["work", "commands"] as const) {
      const group = queue === "commands" ? { MessageGroupId: "g" } : {};
      await sqs.send(new SendMessageCommand({ QueueUrl: queues[queue], MessageBody: "x", ...group }));
      const receive = async (QueueUrl: string) =>
        (await sqs.send(new ReceiveMessageCommand({ QueueUrl }))).Messages?.map(({ Body }) => Body);
      const received = [await receive(queues[queue]), await receive(queues[queue]), await receive(queues[queue])];
      expect(received).toEqual([["x"], ["x"], undefined]);
      expect(await receive(deadLetters[queue])).toEqual(["x"]);
    }
  });
});
