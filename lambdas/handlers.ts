import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import { observationsFrom } from "../aws/events.ts";
import type { Ports } from "../core/ports/index.ts";
import type { Trouble } from "../core/trouble/trouble.ts";
import { acceptCommand } from "../steps/accept.ts";
import { dispatchCluster } from "../steps/dispatch.ts";
import { observe } from "../steps/observe.ts";
import { reconcileService } from "../steps/reconcile.ts";
import { sweep } from "../steps/sweep.ts";
import { sweepMemory } from "../steps/sweep-memory.ts";
import { allAtOnce, eachInOrder, eachKey } from "./batch.ts";
import { failOnTrouble } from "./fail-on-trouble.ts";
import { hopsOf } from "./wakeups.ts";

/** A handler that an SQS event source mapping with `ReportBatchItemFailures` calls. */
export type BatchHandler = (event: SQSEvent) => Promise<SQSBatchResponse>;

/** Accepts commands, in the order of each message group. */
export function acceptHandler(ports: Ports): BatchHandler {
  return ({ Records }) =>
    eachInOrder(
      Records,
      ({ body, messageId, attributes }) =>
        // Where a queue names no sender, nobody sent it: that is somebody without any grant, and no fault.
        acceptCommand(
          { body, sizeBytes: Buffer.byteLength(body), senderId: attributes.SenderId ?? "", messageId },
          ports,
        ),
      ports.log,
    );
}

/** Records what AWS, the sweep or a step saw: one merge for the whole batch. A message that shows nothing of ours is done. */
export function observeHandler(ports: Ports): BatchHandler {
  return ({ Records }) =>
    allAtOnce(
      Records,
      async (records) => {
        const observations = records.flatMap(({ body }) => observationsFrom(body));
        if (observations.length === 0) return;
        await observe(observations, Math.max(...records.map(({ body }) => hopsOf(body))), ports);
      },
      ports.log,
    );
}

/** Looks at each service that the batch names. */
export function reconcileHandler(ports: Ports): BatchHandler {
  return ({ Records }) => eachKey(Records, (wakeup) => reconcileService(wakeup, ports), ports.log);
}

/** Looks at each cluster that the batch names. */
export function dispatchHandler(ports: Ports): BatchHandler {
  return ({ Records }) => eachKey(Records, (wakeup) => dispatchCluster(wakeup, ports), ports.log);
}

/**
 * Looks for what is due and what was missed; a schedule calls it each minute. What it remembers lives as long as the process.
 * @param tell Told of what deserves a person, once all else is done. Default: an error line, and the invocation fails.
 */
export function sweepHandler(
  ports: Ports,
  tell: (troubles: readonly Trouble[]) => void = failOnTrouble(ports.log),
): () => Promise<void> {
  const memory = sweepMemory();
  return async () => {
    const troubles = await sweep(ports, memory);
    if (troubles.length > 0) tell(troubles);
  };
}
