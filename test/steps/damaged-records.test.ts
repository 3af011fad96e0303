import { expect, test } from "vitest";
import type { ServiceKey } from "../../core/model/ids.ts";
import { keys } from "../../core/model/names.ts";
import type { StateRecord } from "../../core/model/records.ts";
import { dispatchCluster } from "../../steps/dispatch.ts";
import { observe } from "../../steps/observe.ts";
import { reconcileService } from "../../steps/reconcile.ts";
import { aCallScene } from "../support/calls.ts";

const damaged = "shop/damaged" as ServiceKey;

async function aClusterWithDamage() {
  const scene = await aCallScene();
  const { view } = scene.caller;
  for (const record of [view.state, ...view.revisions]) await scene.store.create(record);
  const nodes = await scene.tasks.describeNodes("main", await scene.tasks.listNodes("main"));
  await observe(
    nodes.map((sighting) => ({ kind: "node", sighting })),
    0,
    scene.ports,
  );
  const { plan: _, ...rest } = view.state;
  await scene.store.create({ ...rest, ...keys.state(damaged) } as StateRecord);
  return scene;
}

test("a service whose state lost its plan holds up no other in its cluster", async () => {
  const scene = await aClusterWithDamage();
  await dispatchCluster({ key: "main", hops: 1, names: [damaged, scene.caller.view.key] }, scene.ports);
  expect(await scene.tasks.list("main", { desiredStatus: "RUNNING" })).not.toHaveLength(0);
});

test("it is left alone, and a person is told why", async () => {
  const scene = await aClusterWithDamage();
  const before = await scene.store.get(keys.state(damaged));
  await reconcileService({ key: damaged, hops: 1 }, scene.ports);
  expect(await scene.store.get(keys.state(damaged))).toEqual(before);
  expect(scene.log.entries).toMatchObject([
    { level: "error", service: damaged, reason: "state is damaged: plan must be a map" },
  ]);
});
