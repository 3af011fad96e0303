import { expect, test } from "vitest";
import { type Reading, usedBetween } from "../../../bench/cost/used.ts";

const memoryMib = { accept: 512, observe: 512, reconcile: 1024, dispatch: 512, sweep: 512 };
const noMessages = { events: 0, accept: 0, observe: 0, reconcile: 0, dispatch: 0, sweep: 0 };

function aReading(counts: Readonly<Record<string, number>>, messages: Partial<Reading["messages"]>, logBytes: number) {
  return { counts: new Map(Object.entries(counts)), passes: 0, messages: { ...noMessages, ...messages }, logBytes };
}

const before = aReading({ "sweep\tread units": 5 }, { sweep: 1 }, 100);

test("units and bytes are those of in between, of all handlers", () => {
  const after = aReading(
    { "sweep\tread units": 8, "observe\tread units": 2, "observe\twrite units": 4 },
    { sweep: 1 },
    150,
  );
  expect(usedBetween(before, after, [], { memoryMib, clientMs: 1 })).toEqual({
    readUnits: 5,
    writeUnits: 4,
    requests: 0,
    fifoRequests: 0,
    invocations: 0,
    gbSeconds: 0,
    logBytes: 50,
  });
});

test("a message is sent, received, worked on and deleted by itself; what we send together is one request", () => {
  const messages = { sweep: 2, reconcile: 10, observe: 3, events: 2, accept: 1 };
  const after = aReading({ "sweep\tsqs SendMessageBatch": 2, "sweep\tsqs GetQueueAttributes": 1 }, messages, 100);
  expect(usedBetween(before, after, [], { memoryMib, clientMs: 1 })).toMatchObject({
    requests: 2 + 1 + 2 + 2 * 13,
    fifoRequests: 3,
    invocations: 1 + 10 + 3 + 1,
  });
});

test("time is that of the mean pass for each message, at the function's memory and share of a processor", () => {
  const after = aReading({}, { sweep: 1, reconcile: 4 }, 100);
  const pass = (waitedMs: number) => ({ handler: "reconcile", waitedMs, calls: 10, ownMs: 10 }) as const;
  const share = 1024 / 1769;
  const { gbSeconds } = usedBetween(before, after, [pass(100), pass(300)], { memoryMib, clientMs: 1 });
  expect(gbSeconds).toBeCloseTo((4 * (200 + Math.ceil(20 / share))) / 1000, 3);
});
