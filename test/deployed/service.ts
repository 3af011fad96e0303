import { DescribeTasksCommand, ListTasksCommand, type Task } from "@aws-sdk/client-ecs";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import type { Docker } from "../support/docker.ts";
import type { Aws } from "./aws.ts";

/** A service, as anybody handles it who has the commands queue: it is told what to do there, and seen in ECS and Docker. */
export interface Service {
  readonly namespace: string;
  readonly name: string;
  /** Posts a command about it as a CloudEvent, by a plain SQS client. */
  send(type: string, fields?: object): Promise<void>;
  /** Posts a manifest with this `spec`. */
  apply(spec: object): Promise<void>;
  /** Its tasks as ECS describes them, stopped ones included, in the order of their creation. */
  tasks(): Promise<readonly Task[]>;
  /** Its tasks that run, and are to run on. */
  running(): Promise<readonly Task[]>;
  /** Its containers that really run. */
  containers(): Promise<readonly Container[]>;
}

/** A container that runs, as Docker shows it. */
export interface Container {
  readonly id: string;
  readonly image: string;
  readonly taskArn: string;
}

/** Handles a service; nothing is made of it yet. */
export function serviceOf(aws: Aws, docker: Docker, namespace: string, name: string): Service {
  const about = { kind: "Service", metadata: { namespace, name } };
  const send = async (type: string, fields: object = {}) => {
    const id = crypto.randomUUID();
    const event = {
      specversion: "1.0",
      id,
      source: "test",
      type: `dev.longshore.${type}`,
      data: { ...about, ...fields },
    };
    await aws.sqs.send(
      new SendMessageCommand({
        QueueUrl: aws.outputs.LongshoreCommandsQueueUrl,
        MessageBody: JSON.stringify(event),
        MessageGroupId: `${namespace}/${name}`,
      }),
    );
  };
  const tasks = () => tasksOf(aws, `/${namespace}/${name}`);
  return {
    namespace,
    name,
    send,
    apply: (spec) => send("apply", { apiVersion: "longshore.dev/v1", spec }),
    tasks,
    running: async () =>
      (await tasks()).filter((task) => task.lastStatus === "RUNNING" && task.desiredStatus === "RUNNING"),
    containers: async () => {
      const arns = new Set((await tasks()).map(({ taskArn }) => taskArn));
      return (await runningContainers(docker)).filter(({ taskArn }) => arns.has(taskArn));
    },
  };
}

const mostDescribed = 100;

async function tasksOf({ ecs, outputs }: Aws, group: string): Promise<readonly Task[]> {
  const cluster = outputs.LongshoreCluster;
  const list = async (desiredStatus: "RUNNING" | "STOPPED") =>
    (await ecs.send(new ListTasksCommand({ cluster, desiredStatus }))).taskArns ?? [];
  // In this order none is missed that stops meanwhile; it is listed twice.
  const arns = [...new Set([...(await list("RUNNING")), ...(await list("STOPPED"))])];
  const found: Task[] = [];
  for (let start = 0; start < arns.length; start += mostDescribed) {
    const some = arns.slice(start, start + mostDescribed);
    found.push(...((await ecs.send(new DescribeTasksCommand({ cluster, tasks: some }))).tasks ?? []));
  }
  return found
    .filter((task) => task.group?.endsWith(group))
    .toSorted((a, b) => Number(a.createdAt) - Number(b.createdAt));
}

async function runningContainers(docker: Docker): Promise<readonly Container[]> {
  const format = '{{.ID}} {{.Image}} {{.Label "com.amazonaws.ecs.task-arn"}}';
  const lines = await docker.run(["ps", "--filter", "status=running", "--format", format]);
  return lines
    .split("\n")
    .filter(Boolean)
    .map((line) => {
      const [id = "", image = "", taskArn = ""] = line.split(" ");
      return { id, image, taskArn };
    });
}

/** Image of a task's only container. */
export function imageOf({ containers }: Task): string {
  return containers?.[0]?.image ?? "";
}

/** Private address of a task's own network interface. */
export function addressOf({ attachments }: Task): string {
  const details = attachments?.flatMap((attachment) => attachment.details ?? []);
  return details?.find(({ name }) => name === "privateIPv4Address")?.value ?? "";
}
