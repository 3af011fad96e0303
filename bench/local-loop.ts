// How long the whole loop takes on this machine: the product's handlers on the local cluster, one change after another.
//
//   npm run bench:local [-- --scalings 30] [--json]
//
// The bound beside the figures is that of the queue emulator: a message is sent, received and handled in about 2 ms here,
// and three of them lie between an event and its RunTask (commands, work, dispatch).
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { startCluster } from "../local/cluster.ts";

const service = { kind: "Service", metadata: { namespace: "bench", name: "loop" } };
const container = { name: "app", image: "bench", command: ["sleep", "600"], cpuUnits: 64, memoryMib: 32 };
const spec = { replicas: 1, restart: { backoffSeconds: 0 }, task: { containers: [container] } };
let sent = 0;

const scalings = Number(process.argv[process.argv.indexOf("--scalings") + 1]) || 30;
const cluster = await startCluster({ port: 0, log: { write: () => undefined } });
const createdMs: number[] = [];
const runningMs: number[] = [];
cluster.engine.onEvent(({ detail }) => {
  const { lastStatus, version, taskArn } = detail as Readonly<Record<string, unknown>>;
  if (taskArn === undefined) return;
  if (version === 1) createdMs.push(Date.now());
  if (lastStatus === "RUNNING") runningMs.push(Date.now());
});

const toRunTask: number[] = [];
const toRunning: number[] = [];
const toReplacement: number[] = [];
await send("apply", { apiVersion: "longshore.dev/v1", ...service, spec });
await until(() => runningMs.length === 1);
for (let replicas = 2; replicas <= scalings + 1; replicas += 1) {
  const [created, running] = [createdMs.length, runningMs.length];
  const sentMs = Date.now();
  await send("scale", { ...service, replicas });
  await until(() => runningMs.length > running);
  toRunTask.push((createdMs[created] ?? 0) - sentMs);
  toRunning.push((runningMs[running] ?? 0) - sentMs);
  await kill();
}
await cluster.close();

const figures = [
  { name: "scale sent → RunTask", ...spread(toRunTask) },
  { name: "scale sent → RUNNING", ...spread(toRunning) },
  { name: "task killed → RunTask of its replacement", ...spread(toReplacement) },
];
if (process.argv.includes("--json")) console.log(JSON.stringify({ scalings, figures }));
else {
  console.log(
    `a service of 1 to ${scalings + 1} tasks on the local cluster, ${scalings} scalings and as many killed tasks; milliseconds`,
  );
  for (const { name, p50, p99 } of figures)
    console.log(`  ${name.padEnd(42)} p50 ${String(p50).padStart(5)}   p99 ${String(p99).padStart(5)}`);
}

async function kill(): Promise<void> {
  const [created, running] = [createdMs.length, runningMs.length];
  const victim = cluster.engine
    .tasks()
    .find(({ lastStatus, desiredStatus }) => lastStatus === "RUNNING" && desiredStatus === "RUNNING");
  const killedMs = Date.now();
  cluster.killTask(victim?.arn.split("/").at(-1) ?? "");
  await until(() => createdMs.length > created && runningMs.length > running);
  toReplacement.push((createdMs[created] ?? 0) - killedMs);
}

async function send(type: string, data: object): Promise<void> {
  sent += 1;
  const event = { specversion: "1.0", id: String(sent), source: "bench", type: `dev.longshore.${type}`, data };
  await cluster.clients.sqs.send(
    new SendMessageCommand({
      QueueUrl: cluster.install.queues.commands,
      MessageBody: JSON.stringify(event),
      MessageGroupId: "bench",
    }),
  );
}

async function until(holds: () => boolean): Promise<void> {
  const deadlineMs = Date.now() + 60_000;
  while (!holds()) {
    if (Date.now() > deadlineMs) throw new Error("the cluster did not get there in a minute");
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

function spread(values: readonly number[]): { readonly p50: number; readonly p99: number } {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return { p50: at(0.5), p99: at(0.99) };
}
