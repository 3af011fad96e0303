import { type ServiceKey, serviceKey } from "../../core/model/ids.ts";
import { subnetZones } from "../../sim/world/settings.ts";
import { createWorld, type World } from "../../sim/world.ts";
import { startsAfterMs } from "./assumed.ts";
import { type UsageMeter, usageMeter } from "./usage-meter.ts";
import type { FunctionSizes } from "./used.ts";

/** `plain`: events tell all · `web`: behind a target group · `worker`: as many tasks as the backlog of its queue asks for. */
export type Kind = "plain" | "web" | "worker";

/** Services of one kind. */
export interface Group {
  readonly kind: Kind;
  readonly count: number;
  readonly tasksEach: number;
}

/** What a service is to become. */
export interface Wish {
  readonly image: string;
  readonly tasks: number;
}

/** A world with services, metered. */
export interface CostWorld {
  readonly world: World;
  readonly meter: UsageMeter;
  readonly services: readonly ServiceKey[];
  /** Applies a service again, and waits until it is settled and all is cleared up. */
  change(key: ServiceKey, wish: Wish): Promise<void>;
  /** Empties the queue that a service follows, and waits in the same way. */
  drain(key: ServiceKey): Promise<void>;
  run(minutes: number): Promise<void>;
}

/** What stopped is on record for an hour: by then it is forgotten too. */
export const clearedUpMinutes = 75;
const minuteMs = 60_000;
/** As those of a team do, services share a namespace. */
const servicesEach = 10;

/** A world of Fargate tasks in which these services run, and everything about them is settled. */
export async function costWorld(groups: readonly Group[], sizes: FunctionSizes): Promise<CostWorld> {
  const meter = usageMeter(sizes);
  const world = createWorld({
    callMs: 0,
    nodes: 0,
    behave: () => ({ startsAfterMs, stopsAfterMs: 2_000 }),
    checks: false,
    mostCallsAMinute: 10_000_000,
    around: meter.around,
  });
  world.aws.engine.onEvent(() => meter.sent("event"));
  const run = async (minutes: number) => void (await world.run({ mostMs: minutes * minuteMs }));
  const services = groups
    .flatMap(({ kind, count, tasksEach }) => Array.from({ length: count }, () => ({ kind, tasks: tasksEach })))
    .map((wanted, index) =>
      aService(world, serviceKey(`team-${Math.floor(index / servicesEach)}`, `s-${index}`), wanted),
    );
  for (const service of services) {
    meter.sent("command");
    service.apply({ image: "shop/web:1", tasks: service.tasks });
  }
  await run(clearedUpMinutes);
  for (const { key, tasks } of services) expectSettled(world, key, tasks);
  return {
    world,
    meter,
    services: services.map(({ key }) => key),
    change: async (key, wish) => {
      meter.sent("command");
      services.find((each) => each.key === key)?.apply(wish);
      await run(clearedUpMinutes);
      expectSettled(world, key, wish.tasks);
    },
    drain: async (key) => {
      world.metrics.setQueue(queueOf(key), {});
      await run(clearedUpMinutes);
      expectSettled(world, key, 0);
    },
    run,
  };
}

function expectSettled(world: World, key: ServiceKey, tasks: number): void {
  const differences = world.differences(key, tasks);
  if (differences.length > 0) throw new Error(`${key} is not settled: ${differences.join("; ")}`);
}

function aService(world: World, key: ServiceKey, { kind, tasks }: { readonly kind: Kind; readonly tasks: number }) {
  const queue = queueOf(key);
  const traffic = kind === "web" ? [{ targetGroup: targetGroup(world, key), container: "app", port: "http" }] : [];
  const apply = ({ image, tasks }: Wish) => {
    world.metrics.setQueue(queue, { visible: tasks });
    const metrics = [{ type: "queue", queue, messagesPerTask: 1 }];
    const autoscaling = kind === "worker" ? { autoscaling: { min: 0, max: Math.max(1, tasks), metrics } } : {};
    world.apply(manifest(key, { replicas: tasks, traffic, ...autoscaling }, image));
  };
  return { key, tasks, apply };
}

function queueOf(key: ServiceKey): string {
  return `arn:aws:sqs:us-east-1:000000000000:${key.replace("/", "-")}`;
}

/** A target group of its own, behind a load balancer. */
function targetGroup({ aws: { elb } }: World, key: ServiceKey): string {
  const name = key.replace("/", "-");
  const healthCheck = { intervalSeconds: 30, timeoutSeconds: 5, healthyThreshold: 2 };
  const { arn } = elb.createTargetGroup({ name, targetType: "ip", port: 80, healthCheck });
  const loadBalancer = elb.createLoadBalancer({ name }).arn;
  elb.setDeregistrationDelay(arn, 30);
  elb.createListener({ loadBalancer, port: 80, targetGroup: arn });
  return arn;
}

function manifest(key: ServiceKey, parts: Readonly<Record<string, unknown>>, image: string) {
  const [namespace, name] = key.split("/");
  const ports = [{ name: "http", containerPort: 80 }];
  return {
    apiVersion: "longshore.dev/v1",
    kind: "Service",
    metadata: { namespace, name },
    spec: {
      task: {
        network: { mode: "awsvpc", subnets: Object.keys(subnetZones) },
        containers: [{ name: "app", image, cpuUnits: 256, memoryMib: 512, ports }],
      },
      placement: { capacity: [{ type: "fargate" }] },
      rollout: { strategy: "rolling", maxSurge: "25%", maxUnavailable: 0, minReadySeconds: 10 },
      ...parts,
    },
  };
}
