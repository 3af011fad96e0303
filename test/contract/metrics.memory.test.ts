import { expect, test } from "vitest";
import { Fault } from "../../core/model/fault.ts";
import { memoryMetrics } from "../../sim/metrics.ts";
import { type Holding, metricsContract } from "./metrics.ts";

const arnOf = (name: string) => `arn:aws:sqs:us-east-1:123456789012:${name}`;

metricsContract("the metrics in memory", async () => {
  const metrics = memoryMetrics();
  const holdings = new Map<string, Holding>();
  const hold = (arn: string, { visible, inFlight }: Holding) => {
    holdings.set(arn, { visible, inFlight });
    metrics.setQueue(arn, { visible, inFlight });
  };
  return {
    metrics,
    aQueue: async (name, holding) => {
      hold(arnOf(name), holding);
      return arnOf(name);
    },
    finishOne: async (arn) => {
      const { visible, inFlight } = holdings.get(arn) ?? { visible: 0, inFlight: 0 };
      hold(arn, { visible, inFlight: inFlight - 1 });
    },
    noQueue: arnOf("nobody"),
  };
});

test("a queue in memory may go, fail, and come back", async () => {
  const metrics = memoryMetrics();
  const read = () => metrics.read({ type: "queue", queue: arnOf("jobs"), messagesPerTask: 1 });
  metrics.setQueue(arnOf("jobs"), { inFlight: 2 });
  expect((await read()).value).toBe(2);
  metrics.setQueue(arnOf("jobs"), new Fault("transient", "Throttled", "too fast"));
  await expect(read()).rejects.toThrow("too fast");
  metrics.setQueue(arnOf("jobs"), "missing");
  await expect(read()).rejects.toThrow("there is no queue");
  metrics.setQueue(arnOf("jobs"), { visible: 1 });
  expect((await read()).value).toBe(1);
});
