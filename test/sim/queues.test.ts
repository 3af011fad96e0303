import { describe, expect, test } from "vitest";
import { virtualClock } from "../../sim/clock.ts";
import { memoryQueues } from "../../sim/queues.ts";

const start = () => {
  const clock = virtualClock(0);
  const queues = memoryQueues(clock, { visibilitySeconds: 60, maxReceives: 2 });
  const bodies = (queue: "work" | "commands", max = 10) => queues.receive(queue, max).map(({ body }) => body);
  return { clock, queues, bodies };
};

describe("a standard queue", () => {
  test("is received from by due time, then by age, and no more than asked for", () => {
    const { clock, queues, bodies } = start();
    queues.send("work", "late", { delaySeconds: 2 });
    queues.send("work", "first");
    queues.send("work", "second");
    clock.advance(1_999);
    expect(bodies("work", 1)).toEqual(["first"]);
    expect(bodies("work")).toEqual(["second"]);
    clock.advance(1);
    expect(bodies("work")).toEqual(["late"]);
  });

  test("hides what was received until its visibility ends, and counts receives", () => {
    const { clock, queues } = start();
    const id = queues.send("work", "body", { sender: "AIDA" });
    expect(queues.receive("work", 10)).toMatchObject([{ id, receives: 1, sentAtMs: 0, sender: "AIDA" }]);
    clock.advance(59_999);
    expect(queues.receive("work", 10)).toEqual([]);
    clock.advance(1);
    expect(queues.receive("work", 10)).toMatchObject([{ id, receives: 2 }]);
    expect(queues.pending("work")).toBe(1);
  });

  test("a removed message is gone; an old receipt neither removes nor releases", () => {
    const { clock, queues } = start();
    queues.send("work", "body");
    const [old] = queues.receive("work", 1);
    clock.advance(60_000);
    const [latest] = queues.receive("work", 1);
    queues.remove("work", old?.receipt ?? "");
    queues.release("work", old?.receipt ?? "");
    expect([queues.pending("work"), queues.nextDueMs()]).toEqual([1, 120_000]);
    queues.remove("work", latest?.receipt ?? "");
    expect([queues.pending("work"), queues.nextDueMs()]).toEqual([0, undefined]);
  });

  test("a released message comes again after its delay", () => {
    const { clock, queues, bodies } = start();
    queues.send("work", "body");
    const [message] = queues.receive("work", 1);
    queues.release("work", message?.receipt ?? "", 5);
    expect([bodies("work"), queues.nextDueMs()]).toEqual([[], 5_000]);
    clock.advance(5_000);
    expect(bodies("work")).toEqual(["body"]);
  });

  test("what was received too often is dead and holds up nobody", () => {
    const { clock, queues, bodies } = start();
    const id = queues.send("work", "poison");
    for (let receive = 0; receive < 2; receive++) {
      expect(bodies("work")).toEqual(["poison"]);
      clock.advance(60_000);
    }
    queues.send("work", "next");
    expect(bodies("work", 1)).toEqual(["next"]);
    expect(queues.dead("work")).toMatchObject([{ id, body: "poison", receives: 2 }]);
    expect(queues.pending("work")).toBe(1);
  });
});

describe("the FIFO queue", () => {
  test("keeps the order of a group, and a hidden message holds its group up and no other", () => {
    const { clock, queues, bodies } = start();
    queues.send("commands", "a1", { group: "a" });
    queues.send("commands", "a2", { group: "a" });
    queues.send("commands", "b1", { group: "b" });
    expect(bodies("commands", 1)).toEqual(["a1"]);
    expect(queues.nextDueMs()).toBe(0);
    const [other] = queues.receive("commands", 10);
    expect(other?.body).toBe("b1");
    queues.remove("commands", other?.receipt ?? "");
    expect([bodies("commands"), queues.nextDueMs()]).toEqual([[], 60_000]);
    clock.advance(60_000);
    expect(bodies("commands")).toEqual(["a1", "a2"]);
  });

  test("goes on with the group once the hidden message is removed", () => {
    const { queues, bodies } = start();
    queues.send("commands", "a1", { group: "a" });
    queues.send("commands", "a2", { group: "a" });
    const [first] = queues.receive("commands", 1);
    queues.remove("commands", first?.receipt ?? "");
    expect(bodies("commands")).toEqual(["a2"]);
  });

  test("allows no delay", () => {
    expect(() => start().queues.send("commands", "a", { delaySeconds: 1 })).toThrow(
      "must be 0 to 0 whole seconds, got 1",
    );
  });
});

test.for([-1, 901, 0.5])("a delay of %s seconds is refused", async (delaySeconds) => {
  const { queues } = start();
  await expect(queues.wake("work", [{ key: "shop/web", hops: 1 }], delaySeconds)).rejects.toThrow("0 to 900");
});

test("the next message of all queues is due first", () => {
  const { queues } = start();
  expect(queues.nextDueMs()).toBeUndefined();
  queues.send("work", "later", { delaySeconds: 9 });
  queues.send("dispatch", "sooner", { delaySeconds: 3 });
  expect(queues.nextDueMs()).toBe(3_000);
});
