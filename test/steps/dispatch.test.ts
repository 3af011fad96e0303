import { describe, expect, test } from "vitest";
import { serviceKey } from "../../core/model/ids.ts";
import { keys } from "../../core/model/names.ts";
import type { RevisionRecord } from "../../core/model/records.ts";
import { takeBudget } from "../../steps/budget.ts";
import { dispatchCluster } from "../../steps/dispatch.ts";
import { aStop } from "../support/drawn-plan.ts";
import { key } from "../support/service.ts";
import { aView } from "../support/service-view.ts";
import { type Stage, sent } from "../support/stage.ts";
import { aWaitingService } from "../support/waiting-service.ts";

/** Room for so many calls of a rollout is taken by others in this window. */
async function busy({ ports }: Stage, calls: number): Promise<void> {
  for (let count = 0; count < calls; count += 1) await takeBudget(ports, "ecs-modify", "unsafe-stop", 1);
}

/** Beside `shop/web`, which waits for its only task: `shop/app`, before it, where one new task may start while five old ones stop. */
async function aRollingService(): Promise<Stage> {
  const stage = await aWaitingService();
  const app = serviceKey("shop", "app");
  const stops = Object.fromEntries(
    [0, 1, 2, 3, 4].map((index) => [`t${index}`, aStop({ phase: "stopping", why: "replaced", tries: 1 })]),
  );
  const { state, tasks, calls } = aView({
    replicas: 6,
    plan: "v0: v1:0-5 max 6",
    tasks: "v0 v0 v0 v0 v0",
    calls: "answered v1/90=x0 91=x1 92=x2 93=x3 94=x4 95=x5 96=x6 97=x7",
    state: { stops, waitShard: "main#0", waitRow: `050#${app}` },
  });
  const [web] = await stage.store.query<RevisionRecord>(keys.service(key), "revision#");
  for (const item of [state, ...tasks, ...calls, ...(web ? [web] : [])])
    await stage.store.create({ ...item, partition: keys.service(app) });
  return stage;
}

const groups = ({ engine }: Stage) => engine.tasks().map(({ group }) => group.slice(group.lastIndexOf("/") + 1));

describe("a call that more tasks could join", () => {
  test("is made while there is plenty of room", async () => {
    const stage = await aRollingService();
    await dispatchCluster({ key: "main", hops: 1 }, stage.ports);
    expect(groups(stage)).toEqual(["app", "web"]);
  });

  test("waits while calls are short, holds up no other, and is looked at again", async () => {
    const stage = await aRollingService();
    await busy(stage, 16);
    await dispatchCluster({ key: "main", hops: 1 }, stage.ports);
    expect(groups(stage)).toEqual(["web"]);
    stage.clock.advance(2_000);
    expect(sent(stage, "dispatch")).toEqual([{ key: "main", hops: 2, names: [] }]);
    await dispatchCluster({ key: "main", hops: 2 }, stage.ports);
    expect(groups(stage)).toEqual(["web", "app"]);
  });
});
