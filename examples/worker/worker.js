// Works a queue off: receives messages, works on each for a moment and deletes it, and stops when it is asked to.
import { setTimeout as work } from "node:timers/promises";
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";

const { QUEUE_URL, WORK_MS = "100", WAIT_SECONDS = "20" } = process.env;

// Region, credentials and, away from AWS, the endpoint come from the environment, by the names that AWS's SDKs know.
const sqs = new SQSClient();
const receive = new ReceiveMessageCommand({
  QueueUrl: QUEUE_URL,
  MaxNumberOfMessages: 10,
  WaitTimeSeconds: Number(WAIT_SECONDS),
});

// What was received is worked off first, so that no message has to wait until it is visible again: one wait and one batch
// have to fit in the stop timeout.
let stopping = false;
process.on("SIGTERM", () => {
  stopping = true;
});

while (!stopping) {
  const { Messages = [] } = await sqs.send(receive);
  for (const { Body, ReceiptHandle } of Messages) {
    await work(Number(WORK_MS));
    await sqs.send(new DeleteMessageCommand({ QueueUrl: QUEUE_URL, ReceiptHandle }));
    console.log(`handled ${Body}`);
  }
}
