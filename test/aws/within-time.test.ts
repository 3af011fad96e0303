import { describe, expect, test, vi } from "vitest";
import { sqsMetrics } from "../../aws/metrics.ts";
import { elbTargets } from "../../aws/targets.ts";
import { ecsTasks } from "../../aws/tasks.ts";
import type { TaskId } from "../../core/model/ids.ts";
import { virtualClock } from "../../sim/clock.ts";
import { cannedAws, refusal } from "../support/canned-aws.ts";

const aws = cannedAws();
const group = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/1";
const queue = { type: "queue", queue: "arn:aws:sqs:us-east-1:123456789012:jobs", messagesPerTask: 1 } as const;

/** The reads that are given up: after so long, or after a time of their own. */
const reads = {
  "a metric": (timeoutMs?: number) => {
    aws.clients.sqs.config.useQueueUrlAsEndpoint = false;
    return sqsMetrics({ sqs: () => aws.clients.sqs, ...(timeoutMs && { timeoutMs }) }).read(queue);
  },
  "a target group's health": (readTimeoutMs?: number) =>
    elbTargets({ clients: aws.clients.elb, ...(readTimeoutMs && { readTimeoutMs }) }).health(group),
  tasks: (describeTimeoutMs?: number) =>
    ecsTasks({
      clients: aws.clients.ecs,
      clock: virtualClock(),
      ...(describeTimeoutMs && { describeTimeoutMs }),
    }).describe("main", ["t1" as TaskId]),
};
const names = ["a metric", "a target group's health", "tasks"] as const;
const named = names.map((name) => ({ name, read: reads[name] }));

/** What became of a read, and after how many milliseconds. */
async function timed(reading: Promise<unknown>) {
  const startMs = performance.now();
  const outcome = await reading.catch((error: unknown) => error);
  return { outcome, elapsedMs: performance.now() - startMs };
}
const givenUp = { name: "Fault", kind: "transient", code: "TimeoutError" };

describe.for(named)("reading $name", ({ read }) => {
  test.for([
    { name: "never answers", canned: ["silence"] as const },
    { name: "begins to answer", canned: ["half an answer"] as const },
    { name: "fails, and never answers again", canned: [refusal("InternalError", { status: 500 }), "silence"] as const },
  ])("is given up in all where a server $name, and tells how long it waited", async ({ canned }) => {
    aws.answer(...canned);
    const { outcome, elapsedMs } = await timed(read(150));
    expect(outcome).toMatchObject({
      ...givenUp,
      message: expect.stringContaining("had no answer within 150 ms; it is slow, throttled or out of reach"),
    });
    expect(elapsedMs).toBeLessThan(2_000);
  });
});

test("a server that never answers is waited for no longer than a pass can spare, and the connections close", async () => {
  const mostMs = { "a metric": 2_000, "a target group's health": 2_000, tasks: 3_500 };
  aws.answer("silence", "silence", "silence");
  await Promise.all(
    named.map(async ({ name, read }) => {
      const { outcome, elapsedMs } = await timed(read());
      expect(outcome).toMatchObject(givenUp);
      expect(elapsedMs).toBeLessThan(mostMs[name]);
    }),
  );
  await vi.waitFor(async () => expect(await aws.connections()).toBe(0));
});
