import { createServer } from "node:net";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { type LocalCluster, startCluster } from "../../local/cluster.ts";
import { type CommandType, cloudEvent, type ServiceName } from "./commands.ts";
import { createLoad, type Load } from "./load-process.ts";
import { withEvents } from "./options.ts";
import { createLoadBalancer } from "./target-group.ts";
import { startTimeline, type Timeline } from "./timeline.ts";

/** A cluster under load, and what to look at it with. */
export interface Stage {
  readonly cluster: LocalCluster;
  readonly timeline: Timeline;
  readonly load: Load;
  /** Of the load balancer that listens at `url`. */
  readonly targetGroup: string;
  readonly url: string;
  /** Every line that a task wrote so far. */
  readonly output: readonly string[];
  /** Faults that the cluster logged. */
  readonly faults: readonly string[];
  close(): Promise<void>;
}

/** Starts a cluster with a load balancer, and no load yet. */
export async function openStage(): Promise<Stage> {
  const output: string[] = [];
  const faults: string[] = [];
  const cluster = await startCluster({
    port: 0,
    events: withEvents,
    sweepSeconds: withEvents ? 60 : 5,
    onOutput: (_taskArn, _container, _stream, line) => output.push(line),
    log: {
      write: ({ level, message, ...fields }) =>
        level === "error" && faults.push(`${message} ${JSON.stringify(fields)}`),
    },
  });
  const load = createLoad();
  const port = await freePort();
  return {
    cluster,
    load,
    output,
    faults,
    url: `http://127.0.0.1:${port}/`,
    targetGroup: await createLoadBalancer(cluster.clients.elb.calls, port),
    timeline: startTimeline(load.counts, console.log),
    close: async () => {
      load.kill();
      await cluster.close();
    },
  };
}

let sent = 0;

/** Posts a command to the queue, as any client does. */
export async function send({ cluster }: Stage, type: CommandType, about: ServiceName, content: object): Promise<void> {
  sent += 1;
  const { namespace, name } = about.metadata;
  await cluster.clients.sqs.send(
    new SendMessageCommand({
      QueueUrl: cluster.install.queues.commands,
      MessageBody: JSON.stringify(cloudEvent(`demo-${sent}`, type, content)),
      MessageGroupId: `${namespace}/${name}`,
    }),
  );
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}
