import { virtualClock } from "../../sim/clock.ts";
import { memoryQueues } from "../../sim/queues.ts";
import { queuesContract } from "./queues.ts";

queuesContract("the queues in memory", async () => {
  const clock = virtualClock();
  const queues = memoryQueues(clock);
  return {
    queues,
    nowMs: clock.nowMs,
    received: async (queue, count) => {
      const bodies: string[] = [];
      do {
        clock.set(Math.max(clock.nowMs(), queues.nextDueMs() ?? 0));
        for (const { body, receipt } of queues.receive(queue, 10)) {
          bodies.push(body);
          queues.remove(queue, receipt);
        }
      } while (queues.pending(queue) > 0);
      if (bodies.length < count) throw new Error(`${bodies.length} of ${count} messages arrived on ${queue}`);
      return bodies;
    },
  };
});
