import { expect, test } from "vitest";
import { callMs } from "../../../bench/cost/assumed.ts";
import { timing } from "../../../bench/cost/timing.ts";
import type { Ports } from "../../../core/ports/index.ts";
import { aStage } from "../../support/stage.ts";

const get = callMs["store.get"] ?? 0;
const list = callMs["store.list"] ?? 0;
const place = { partition: "a", sort: "b" };

test.for<{ name: string; work: (ports: Ports) => Promise<unknown>; waitedMs: number; calls: number }>([
  { name: "nothing", work: async () => {}, waitedMs: 0, calls: 0 },
  { name: "one call", work: ({ store }) => store.get(place), waitedMs: get, calls: 1 },
  {
    name: "one after another",
    work: async ({ store }) => {
      await store.get(place);
      await store.list("byKind", "x");
    },
    waitedMs: get + list,
    calls: 2,
  },
  {
    name: "at once: as long as the longest",
    work: ({ store }) => Promise.all([store.get(place), store.list("byKind", "x"), store.get(place)]),
    waitedMs: Math.max(get, list),
    calls: 3,
  },
  {
    name: "two ways at once: as long as the longer",
    work: ({ store }) => Promise.all([store.get(place).then(() => store.get(place)), store.list("byKind", "x")]),
    waitedMs: Math.max(2 * get, list),
    calls: 3,
  },
])("$name", async ({ work, waitedMs, calls }) => {
  const { around, passes } = timing();
  await around("sweep", async (ports) => void (await work(ports)))(aStage().ports);
  expect(passes).toEqual([{ handler: "sweep", waitedMs, calls, ownMs: expect.any(Number) }]);
});

test("a pass that fails fails", async () => {
  const { around } = timing();
  const work = async (ports: Ports) => {
    await ports.store.get(place);
    throw new Error("no");
  };
  await expect(around("sweep", work)(aStage().ports)).rejects.toThrow("no");
});

test("a call of which nobody assumed how long it takes is a mistake", async () => {
  const { around } = timing();
  const work = async ({ store }: Ports) => void (await (store as unknown as { all(): Promise<unknown> }).all());
  await expect(around("sweep", work)(aStage().ports)).rejects.toThrow("how long store.all takes has to be assumed");
});
