import { describe, expect, test } from "vitest";
import { Fault } from "../../core/model/fault.ts";
import { keys } from "../../core/model/names.ts";
import type { CallRecord, TaskRecord } from "../../core/model/records.ts";
import type { Ports } from "../../core/ports/index.ts";
import { dispatchCluster } from "../../steps/dispatch.ts";
import { key } from "../support/service.ts";
import { type Mishap, mishapAt, type Stage } from "../support/stage.ts";
import { aWaitingService } from "../support/waiting-service.ts";

function pass(stage: Stage, ports: Ports = stage.ports): Promise<void> {
  return dispatchCluster({ key: "main", hops: 1 }, ports);
}

/** Further passes, until whatever was left open is settled: ten minutes of them. */
async function recover(stage: Stage): Promise<void> {
  for (let waited = 0; waited < 600_000; waited += 10_000) {
    stage.pass(10_000);
    await pass(stage);
  }
}

/** What there is in the end: live tasks of ECS, those on record with their slot, and calls that are open. */
async function outcome({ store, engine }: Stage) {
  const live = engine.tasks().filter(({ lastStatus }) => lastStatus !== "STOPPED");
  const records = await store.query<TaskRecord>(keys.service(key), "task#");
  const calls = await store.query<CallRecord>(keys.service(key), "call#");
  return {
    live: live.length,
    recorded: records.map(({ slot, revision }) => `${revision}/${slot}`),
    open: calls.filter(({ phase }) => phase === "sent" || phase === "settling").length,
  };
}

const one = { live: 1, recorded: ["v1/0"], open: 0 };

/** How many writes a pass makes that nothing disturbs. */
const undisturbed = async () => {
  const stage = await aWaitingService();
  const { store, count } = mishapAt(stage.store, 0, "not applied");
  await pass(stage, { ...stage.ports, store });
  return { stage, writes: count() };
};

test("a pass that nothing disturbs starts the task and records it", async () => {
  const { stage, writes } = await undisturbed();
  expect(await outcome(stage)).toEqual(one);
  expect(writes).toBeGreaterThanOrEqual(6);
});

describe.each<Mishap>(["not applied", "answer lost"])("one write of a pass is %s", (mishap) => {
  test("whichever it is, exactly one task lives in the end, and it is on record in its slot", async () => {
    const { writes } = await undisturbed();
    for (let number = 1; number <= writes; number += 1) {
      const stage = await aWaitingService();
      const { store } = mishapAt(stage.store, number, mishap);
      await pass(stage, { ...stage.ports, store }).catch(() => undefined);
      await recover(stage);
      expect([number, await outcome(stage)]).toEqual([number, one]);
    }
  });
});

describe("the answer of RunTask is lost", () => {
  test.for([
    { name: "and it was carried out", applied: true },
    { name: "and it was not", applied: false },
  ])("$name", async ({ applied }) => {
    const stage = await aWaitingService();
    const run: Ports["tasks"]["run"] = async (input) => {
      if (applied) await stage.tasks.run(input);
      throw new Fault("transient", "TimeoutError", "not answered");
    };
    await pass(stage, { ...stage.ports, tasks: { ...stage.tasks, run } });
    expect((await outcome(stage)).open).toBe(1);
    await recover(stage);
    expect(await outcome(stage)).toEqual(one);
  });
});
