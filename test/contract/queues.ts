import { beforeAll, describe, expect, test } from "vitest";
import { observationsFrom } from "../../aws/events.ts";
import type { NodeId, TaskId } from "../../core/model/ids.ts";
import type { Observation, Queues } from "../../core/ports/queues.ts";

type Queue = "work" | "dispatch" | "observations";

/** Queues to be held to their contract, with a receiver at their other end. */
export interface QueuesUnderTest {
  readonly queues: Queues;
  /** Waits for as many messages, and answers the bodies of all that were there by then, in any order. */
  received(queue: Queue, count: number): Promise<readonly string[]>;
  /** By the clock that delays are measured with. */
  nowMs(): number;
}

/** What all queues do, whatever they are made of. Every test receives what it sent. */
export function queuesContract(name: string, makeQueues: () => Promise<QueuesUnderTest>): void {
  describe(`${name} keep the contract of queues`, () => {
    let world: QueuesUnderTest;
    beforeAll(async () => {
      world = await makeQueues();
    });

    test.for(["work", "dispatch"] as const)("wake-ups on %s arrive, each as its own message", async (queue) => {
      const wakeups = Array.from({ length: 25 }, (_, index) => ({ key: `shop/web-${index}`, hops: 1 + (index % 8) }));
      await world.queues.wake(queue, wakeups);
      const bodies = await world.received(queue, 25);
      expect(bodies.toSorted()).toEqual(wakeups.map((wakeup) => JSON.stringify(wakeup)).toSorted());
    });

    test("a wake-up keeps the names that it carries", async () => {
      const wakeup = { key: "main", hops: 2, names: ["shop/web", "shop/cart"] };
      await world.queues.wake("dispatch", [wakeup]);
      expect((await world.received("dispatch", 1)).map((body) => JSON.parse(body))).toEqual([wakeup]);
    });

    test("a wake-up may be delayed", async () => {
      const sentAtMs = world.nowMs();
      await world.queues.wake("work", [{ key: "shop/late", hops: 1 }], 1);
      expect(await world.received("work", 1)).toHaveLength(1);
      expect(world.nowMs() - sentAtMs).toBeGreaterThanOrEqual(900);
    });

    test("observations arrive as they were reported, with their lineage", async () => {
      const observations = [aNode, ...Array.from({ length: 120 }, (_, index) => missing(`task-${index}`))];
      await world.queues.report(observations, 3);
      const bodies = await world.received("observations", 3);
      const byText = (list: readonly unknown[]) => list.map((entry) => JSON.stringify(entry)).toSorted();
      expect(byText(bodies.flatMap(observationsFrom))).toEqual(byText(observations));
      expect(bodies.map((body) => JSON.parse(body).hops)).toEqual([3, 3, 3]);
    });

    test("much is sent as well as little", async () => {
      const names = Array.from({ length: 100 }, (_, index) => `${"n".repeat(1_000)}${index}`);
      await world.queues.wake(
        "dispatch",
        Array.from({ length: 12 }, () => ({ key: "main", hops: 1, names })),
      );
      expect(await world.received("dispatch", 12)).toHaveLength(12);
    });

    test("nothing to say sends nothing", async () => {
      await world.queues.wake("work", []);
      await world.queues.report([], 1);
      await world.queues.wake("work", [{ key: "shop/only", hops: 1 }]);
      expect(await world.received("work", 1)).toHaveLength(1);
      expect(await world.received("observations", 0)).toEqual([]);
    });

    test.for([-1, 901, 0.5])("a delay of %s seconds is refused, and nothing is sent", async (delaySeconds) => {
      const sending = world.queues.wake("work", [{ key: "shop/web", hops: 1 }], delaySeconds);
      await expect(sending).rejects.toThrow(`0 to 900 whole seconds, got ${delaySeconds}`);
      expect(await world.received("work", 0)).toEqual([]);
    });
  });
}

const aNode: Observation = {
  kind: "node",
  sighting: {
    nodeId: "node-1" as NodeId,
    cluster: "main",
    ecsVersion: 3,
    ec2InstanceId: "i-1",
    status: "ACTIVE",
    agentConnected: true,
    zone: "us-east-1a",
    attributes: { "ecs.availability-zone": "us-east-1a" },
    registered: { cpuUnits: 2048, memoryMib: 4096 },
    readAtMs: 1,
  },
};

function missing(taskId: string): Observation {
  return { kind: "task", sighting: { kind: "missing", taskId: taskId as TaskId, cluster: "main", readAtMs: 1 } };
}
