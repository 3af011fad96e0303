import { CreateQueueCommand, GetQueueAttributesCommand, SendMessageBatchCommand } from "@aws-sdk/client-sqs";
import { readCondition, sayCondition } from "../conditions.ts";
import { type Backlog, drawBacklog } from "../drawing.ts";
import { eventually, expect } from "../eventually.ts";
import { type Stage, send } from "../stage.ts";
import { liveTasks } from "../tasks-view.ts";
import { mostWorkers, type Queue, worker, workerManifest } from "../worker.ts";

const messages = 500;
/** So long after a line the next one is drawn, unless the number of tasks changes before. */
const redrawMs = 1_500;

/** Lets a service without tasks follow a backlog: it comes up, works the queue off, and goes. */
export async function followBacklog(stage: Stage): Promise<number> {
  const { timeline, cluster } = stage;
  const queue = await createQueue(stage);
  await send(stage, "apply", worker, workerManifest(queue, cluster.endpointUrl));
  const idle = await eventually(
    "the autoscaler to find the queue empty",
    () => readCondition(stage, worker, "ScalingActive"),
    (condition) => condition?.reason === "AtMinimum",
  );
  if (idle) sayCondition(stage, idle);
  await post(stage, queue);
  timeline.say(`${messages} messages posted to queue orders`);
  const most = await watch(stage, queue);
  expect(most > 1 && most <= mostWorkers, `2 to ${mostWorkers} tasks, saw ${most}`);
  handled(stage);
  return 0;
}

async function createQueue({ cluster }: Stage): Promise<Queue> {
  const { sqs } = cluster.clients;
  const { QueueUrl: url = "" } = await sqs.send(new CreateQueueCommand({ QueueName: "orders" }));
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["QueueArn"] }));
  return { url, arn: Attributes?.QueueArn ?? "" };
}

async function post({ cluster }: Stage, queue: Queue): Promise<void> {
  for (let first = 1; first <= messages; first += 10) {
    const Entries = Array.from({ length: 10 }, (_, index) => ({
      Id: `${index}`,
      MessageBody: `order-${first + index}`,
    }));
    await cluster.clients.sqs.send(new SendMessageBatchCommand({ QueueUrl: queue.url, Entries }));
  }
}

/** Draws messages and tasks until neither is left; answers the most tasks that there were. */
async function watch(stage: Stage, queue: Queue): Promise<number> {
  let most = 0;
  let shown = { text: "", tasks: -1, atMs: 0 };
  await eventually(
    "an empty queue and no task",
    async () => {
      const backlog = await readBacklog(stage, queue);
      const tasks = backlog.running + backlog.moving;
      most = Math.max(most, tasks);
      const text = drawBacklog(backlog, messages);
      if (tasks !== shown.tasks || (text !== shown.text && Date.now() - shown.atMs >= redrawMs)) {
        stage.timeline.say(text);
        shown = { text, tasks, atMs: Date.now() };
      }
      return backlog.messages + tasks === 0;
    },
    (over) => over,
  );
  return most;
}

async function readBacklog({ cluster }: Stage, queue: Queue): Promise<Backlog> {
  const AttributeNames = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"] as const;
  const [tasks, { Attributes = {} }] = await Promise.all([
    liveTasks(cluster.clients.ecs.reads, worker),
    cluster.clients.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: queue.url, AttributeNames: [...AttributeNames] }),
    ),
  ]);
  const running = tasks.filter(({ lastStatus }) => lastStatus === "RUNNING").length;
  return {
    messages: AttributeNames.reduce((sum, name) => sum + Number(Attributes[name]), 0),
    running,
    moving: tasks.length - running,
  };
}

/** Every message was handled, by what the tasks wrote, and none of them twice. */
function handled({ output, timeline }: Stage): void {
  const orders = output.filter((line) => line.startsWith("handled "));
  const different = new Set(orders).size;
  expect(different === messages, `${messages} messages handled, got ${different}`);
  expect(orders.length === messages, `each message handled once, ${orders.length - different} came again`);
  timeline.say(`the tasks' output names ${different} different messages: none was lost`);
}
