import { Duration, Validations } from "aws-cdk-lib";
import { DeduplicationScope, FifoThroughputLimit, Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import { idOf, type QueueName, queueNames, timeoutSeconds } from "./names.ts";
import type { LongshoreProps } from "./props.ts";

/** A queue, and where its messages go that nobody can work on. */
export interface QueuePair {
  readonly queue: Queue;
  readonly dead: Queue;
}

/** The queues of an install. */
export interface Queues extends Readonly<Record<QueueName, QueuePair>> {
  /** What the schedule could not hand to the sweep. */
  readonly sweepDead: Queue;
}

/** AWS advises six timeouts of the function: room to try again where its invocations are throttled. */
const visibilityTimeout = Duration.seconds(6 * timeoutSeconds);
/** As long as SQS keeps anything: a person has to look. */
const deadRetention = Duration.days(14);
/** Fewer, and a short failure of a dependency would make dead letters. */
const maxReceiveCount = 5;

/** Ordered within a message group, which the sender picks; equal bodies within five minutes are one, without an id of their own. */
const inOrder = {
  fifo: true,
  contentBasedDeduplication: true,
  deduplicationScope: DeduplicationScope.MESSAGE_GROUP,
  fifoThroughputLimit: FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
} as const;

/** The four queues, each before its dead letters, and the dead letters of the schedule. */
export function createQueues(scope: Construct, install: string, { key }: LongshoreProps): Queues {
  const protection = {
    enforceSSL: true,
    ...(key
      ? { encryption: QueueEncryption.KMS, encryptionMasterKey: key }
      : { encryption: QueueEncryption.SQS_MANAGED }),
  };
  const deadLetters = (name: string, order: { readonly fifo?: true } = {}) =>
    new Queue(scope, `${idOf(name)}DeadLetters`, {
      queueName: `${install}-${name}-dead${order.fifo ? ".fifo" : ""}`,
      retentionPeriod: deadRetention,
      ...order,
      ...protection,
    });
  const pair = (name: QueueName, { retention, ...order }: QueueSettings = {}): QueuePair => {
    const dead = deadLetters(name, order.fifo ? { fifo: true } : {});
    const queue = new Queue(scope, `${idOf(name)}Queue`, {
      queueName: `${install}-${name}${order.fifo ? ".fifo" : ""}`,
      visibilityTimeout,
      deadLetterQueue: { queue: dead, maxReceiveCount },
      ...(retention && { retentionPeriod: retention }),
      ...order,
      ...protection,
    });
    return { queue, dead };
  };
  const sweepDead = deadLetters("sweep");
  Validations.of(sweepDead).acknowledge({
    id: "AwsSolutions-SQS3",
    reason: "it holds dead letters itself: those of the schedule, which cdk-nag does not look at",
  });
  return {
    commands: pair("commands", inOrder),
    // An older observation says nothing any more: what is still different by then, the sweep finds.
    observations: pair("observations", { retention: Duration.hours(1) }),
    work: pair("work"),
    dispatch: pair("dispatch"),
    sweepDead,
  };
}

/** Every queue that only a person empties. */
export function deadLettersOf(queues: Queues): readonly Queue[] {
  return [...queueNames.map((name) => queues[name].dead), queues.sweepDead];
}

interface QueueSettings extends Partial<typeof inOrder> {
  /** Default: SQS's own, 4 days. */
  readonly retention?: Duration;
}
