import { expect, test } from "vitest";
import { spareReadTimeoutMs } from "../../aws/within-time.ts";
import { Fault } from "../../core/model/fault.ts";
import { keys } from "../../core/model/names.ts";
import type { StateRecord, TaskRecord } from "../../core/model/records.ts";
import type { Target } from "../../core/ports/targets.ts";
import { applied, aRunningService, settle } from "../support/running-service.ts";
import { key } from "../support/service.ts";
import type { Stage } from "../support/stage.ts";

const group = "arn:aws:elasticloadbalancing:us-east-1:000000000000:targetgroup/web/0123456789abcdef";
const queue = "arn:aws:sqs:us-east-1:000000000000:jobs";
const following = ({ min }: { min: number }) => ({
  "spec.replicas": 2,
  "spec.traffic": [{ targetGroup: group, container: "app", port: "http" }],
  "spec.autoscaling": { min, max: 5, metrics: [{ type: "queue", queue, messagesPerTask: 10 }] },
});

/** A service in a target group, following a queue, at rest; and what is registered there. */
async function inTraffic(): Promise<{ readonly stage: Stage; readonly registered: Map<string, Target> }> {
  const stage = await aRunningService();
  stage.metrics.setQueue(queue, { visible: 20 });
  const registered = new Map<string, Target>();
  const targets: Stage["ports"]["targets"] = {
    register: async (_, added) => {
      for (const target of added) registered.set(`${target.id} ${target.port}`, target);
    },
    deregister: async (_, removed) => {
      for (const { id, port } of removed) registered.delete(`${id} ${port}`);
    },
    health: async () => [...registered.values()].map((target) => ({ ...target, state: "healthy" })),
  };
  const served = { ...stage, ports: { ...stage.ports, targets } };
  await applied(served, following({ min: 1 }));
  await settle(served);
  return { stage: served, registered };
}

/** Fails after a time, as a read does that was given up; of several at once, all after the same. */
function givenUp({ clock }: Stage): () => Promise<never> {
  return async () => {
    const atMs = clock.nowMs() + spareReadTimeoutMs;
    await Promise.resolve();
    clock.advance(Math.max(0, atMs - clock.nowMs()));
    throw new Fault("transient", "TimeoutError", "no answer");
  };
}

/** Tasks that run, by ECS. */
const running = ({ engine }: Stage) =>
  engine.tasks().filter(({ lastStatus, desiredStatus }) => `${lastStatus} ${desiredStatus}` === "RUNNING RUNNING")
    .length;

/** Conditions of the service that are told by another reason than that all is well. */
async function complaints({ store }: Stage): Promise<readonly string[]> {
  const { conditions = [] } = (await store.get<StateRecord>(keys.state(key))) ?? {};
  return conditions.flatMap(({ reason, status }) => (status === "True" ? [] : [reason]));
}

test.for([
  { name: "metric hangs", hang: ["metrics"], registered: 3, told: ["MetricMissing"] },
  // Who is registered there is unknown: nobody is moved.
  { name: "target group hangs", hang: ["targets"], registered: 0, told: ["TargetsUnread"] },
  {
    name: "metric and target group hang",
    hang: ["metrics", "targets"],
    registered: 0,
    told: ["TargetsUnread", "MetricMissing"],
  },
])("a service whose $name is healed and follows its spec, and a person is told", async ({ hang, ...is }) => {
  const { stage, registered } = await inTraffic();
  expect([running(stage), registered.size]).toEqual([2, 2]);
  const { metrics, targets } = stage.ports;
  const hanging = {
    ...stage,
    ports: {
      ...stage.ports,
      metrics: hang.includes("metrics") ? { read: givenUp(stage) } : metrics,
      targets: hang.includes("targets") ? { ...targets, health: givenUp(stage) } : targets,
    },
  };
  for (const { taskId } of await stage.store.query<TaskRecord>(keys.service(key), "task#"))
    await stage.tasks.stop("main", taskId, "by hand");
  registered.clear();
  await applied(hanging, following({ min: 3 }));
  await settle(hanging);
  expect([running(stage), registered.size]).toEqual([3, is.registered]);
  expect(await complaints(stage)).toEqual(is.told);
});
