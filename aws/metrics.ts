import { GetQueueAttributesCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { Fault } from "../core/model/fault.ts";
import type { Metrics } from "../core/ports/metrics.ts";
import { readWithin, spareReadTimeoutMs } from "./within-time.ts";

interface MetricsOptions {
  /** The client for queues of a region; asked each time. */
  readonly sqs: (region: string) => SQSClient;
  /** Where every queue is, as in `AWS_ENDPOINT_URL_SQS`; without it, where AWS has it. */
  readonly endpoint?: string;
  /** Longest that a read may take, in all. */
  readonly timeoutMs?: number;
}

/** A queue, as its ARN names it. */
interface QueueName {
  readonly region: string;
  readonly account: string;
  readonly name: string;
  /** Under which AWS's hosts of that partition are. */
  readonly domain: string;
}

/** Visible, and in flight; a message that is delayed is no work yet. */
const backlog = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"] as const;

const domains: ReadonlyMap<string | undefined, string> = new Map([
  ["aws", "amazonaws.com"],
  ["aws-cn", "amazonaws.com.cn"],
  ["aws-eusc", "amazonaws.eu"],
  ["aws-us-gov", "amazonaws.com"],
]);

/** Metrics of Amazon SQS: a queue's backlog is read where it is, for it costs nothing there and is seconds old. */
export function sqsMetrics({ sqs, endpoint, timeoutMs = spareReadTimeoutMs }: MetricsOptions): Metrics {
  return {
    read: async ({ queue }) => {
      const { region, account, name, domain } = queueOf(queue);
      const origin = endpoint?.replace(/\/+$/, "") ?? `https://sqs.${region}.${domain}`;
      const command = new GetQueueAttributesCommand({
        QueueUrl: `${origin}/${account}/${name}`,
        AttributeNames: [...backlog],
      });
      const { Attributes = {} } = await readWithin("sqs GetQueueAttributes", timeoutMs, (options) =>
        sqs(region).send(command, options),
      );
      const counts = backlog.map((attribute) => countIn(Attributes, attribute, queue));
      return { kind: "total", value: counts.reduce((sum, count) => sum + count, 0) };
    },
  };
}

/** Nothing but a queue's ARN may decide where we send a signed request. */
function queueOf(arn: string): QueueName {
  const [, partition, region = "", account = "", name = ""] =
    /^arn:([a-z-]+):sqs:([a-z0-9-]+):(\d{12}):([\w-]{1,80}(?:\.fifo)?)$/.exec(arn) ?? [];
  const domain = domains.get(partition);
  if (domain !== undefined) return { region, account, name, domain };
  const wanted = `the ARN of a queue of partition ${[...domains.keys()].join(", ")}`;
  throw new Fault("terminal", "InvalidArn", `a queue metric must name ${wanted}, got ${JSON.stringify(arn)}`);
}

/** What cannot be read is unknown, never nothing: no task goes for it. */
function countIn(attributes: Readonly<Record<string, string>>, name: string, queue: string): number {
  const text = attributes[name];
  if (text !== undefined && /^\d{1,15}$/.test(text)) return Number(text);
  const got = text === undefined ? "nothing" : JSON.stringify(text);
  throw new Fault("transient", "UnreadableAnswer", `sqs GetQueueAttributes answered ${got} for ${name} of ${queue}`);
}
