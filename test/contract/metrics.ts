import { beforeAll, describe, expect, test } from "vitest";
import { isFault } from "../../core/model/fault.ts";
import type { Metric } from "../../core/model/service.ts";
import type { Metrics } from "../../core/ports/metrics.ts";

/** What a queue should hold. */
export interface Holding {
  readonly visible: number;
  readonly inFlight: number;
  /** Messages that nobody can receive yet. */
  readonly delayed?: number;
}

/** Metrics to be held to their contract, and what they are read from. */
export interface MetricsUnderTest {
  readonly metrics: Metrics;
  /** A new queue that holds so much; answers its ARN. */
  aQueue(name: string, holding: Holding): Promise<string>;
  /** Deletes one message that is in flight. */
  finishOne(arn: string): Promise<void>;
  /** ARN of a queue that is not there. */
  readonly noQueue: string;
}

/** What all metrics do, whatever they are read from. */
export function metricsContract(name: string, makeMetrics: () => Promise<MetricsUnderTest>): void {
  describe(`${name} keep the contract of metrics`, () => {
    let world: MetricsUnderTest;
    beforeAll(async () => {
      world = await makeMetrics();
    });
    const backlogOf = (queue: string) => world.metrics.read(aMetric(queue));

    test.for<{ name: string; holding: Holding; value: number }>([
      { name: "nothing", holding: { visible: 0, inFlight: 0 }, value: 0 },
      { name: "what can be received", holding: { visible: 3, inFlight: 0 }, value: 3 },
      { name: "what is being worked on", holding: { visible: 0, inFlight: 1 }, value: 1 },
      { name: "both", holding: { visible: 12, inFlight: 4 }, value: 16 },
      { name: "nothing of what is delayed", holding: { visible: 1, inFlight: 0, delayed: 2 }, value: 1 },
    ])("a queue's backlog is $name", async ({ name: title, holding, value }) => {
      const queue = await world.aQueue(title.replaceAll(" ", "-"), holding);
      expect(await backlogOf(queue)).toEqual({ kind: "total", value });
    });

    test("a message that is done is none of it any more", async () => {
      const queue = await world.aQueue("done", { visible: 1, inFlight: 2 });
      await world.finishOne(queue);
      expect(await backlogOf(queue)).toEqual({ kind: "total", value: 2 });
    });

    test("two queues are told apart", async () => {
      const first = await world.aQueue("first", { visible: 1, inFlight: 0 });
      const second = await world.aQueue("second", { visible: 2, inFlight: 0 });
      expect([(await backlogOf(first)).value, (await backlogOf(second)).value]).toEqual([1, 2]);
    });

    test("a queue that is not there is refused for good, and not read as empty", async () => {
      const fault = await backlogOf(world.noQueue).then(
        () => "read",
        (error: unknown) => error,
      );
      expect(fault).toSatisfy((error) => isFault(error, "terminal"));
      expect(fault).toMatchObject({ message: expect.stringContaining("create it, or correct its name") });
    });
  });
}

function aMetric(queue: string): Metric {
  return { type: "queue", queue, messagesPerTask: 10 };
}
