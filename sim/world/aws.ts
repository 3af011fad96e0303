import type { VirtualClock } from "../clock.ts";
import type { ContainerOrder, ContainerReports, EcsEngine } from "../ecs/api.ts";
import { createEcsEngine } from "../ecs/engine.ts";
import { createVirtualDriver, type VirtualBehaviour } from "../ecs/virtual-driver.ts";
import { createElbModel, type ElbModel } from "../elb/model.ts";
import { virtualChecks } from "../elb/virtual-checks.ts";
import type { SeededRandom } from "../random.ts";
import { account, region, subnetZones } from "./settings.ts";

/** The simulated AWS: what really happens, whatever Longshore has seen of it. */
export interface SimulatedAws {
  readonly engine: EcsEngine;
  readonly elb: ElbModel;
  /** A target group of instances and one of addresses, each behind a listener. */
  readonly targetGroups: { readonly instance: string; readonly ip: string };
  /** Adds a node; answers its EC2 instance id. */
  addNode(size?: { readonly cpuUnits: number; readonly memoryMib: number }): string;
  /** The containers of a task exit, now. */
  crash(taskArn: string, code?: number): void;
  /** A container health check of a task changes its mind, now. */
  report(taskArn: string, health: "HEALTHY" | "UNHEALTHY"): void;
  /** Tasks that fail the checks of load balancers. */
  readonly sick: Set<string>;
  /** Everything that is due by now happens. */
  advance(): void;
  nextDueMs(): number;
}

/** What a simulated AWS is like, and what gives it time and chance. */
export interface SimulatedAwsOptions {
  readonly clock: VirtualClock;
  readonly random: SeededRandom;
  readonly behave: (order: ContainerOrder) => VirtualBehaviour;
  /** Shows a deregistered target as draining for the whole delay. */
  readonly drainsWholeDelay?: boolean;
  readonly deregistrationDelaySeconds?: number;
}

/** An AWS with one cluster, `main`, and no nodes. */
export function simulatedAws(options: SimulatedAwsOptions): SimulatedAws {
  const { clock, random } = options;
  const virtual = createVirtualDriver({ nowMs: clock.nowMs, behave: options.behave });
  let reports: ContainerReports | undefined;
  const driver = {
    ...virtual,
    connect: (given: ContainerReports) => {
      reports = given;
      virtual.connect(given);
    },
  };
  const common = { region, account, nowMs: clock.nowMs, hex: random.hex };
  const engine = createEcsEngine({ ...common, driver, subnets: subnetZones });
  engine.handle("CreateCluster", { clusterName: "main" });
  const { elb, targetGroups } = loadBalancing(options);
  const sick = new Set<string>();
  const checks = virtualChecks(elb, clock.nowMs, ({ target }) => {
    const task = engine.taskAt(target);
    if (task === undefined) return { kind: "failed" };
    return { kind: "answered", status: sick.has(task.arn) ? 500 : 200 };
  });
  const ordersOf = (taskArn: string) =>
    virtual.containers().flatMap(({ order }) => (order.taskArn === taskArn ? [order.container] : []));
  return {
    engine,
    elb,
    targetGroups,
    sick,
    addNode: nodeAdder(engine),
    crash: (taskArn, code = 1) => {
      for (const container of ordersOf(taskArn)) {
        virtual.kill(taskArn, container);
        reports?.exited(taskArn, container, { code });
      }
    },
    report: (taskArn, health) => {
      for (const container of ordersOf(taskArn)) reports?.health(taskArn, container, health);
    },
    advance: () => {
      virtual.advance(clock.nowMs());
      engine.advance();
      checks.advance();
    },
    nextDueMs: () => earliest(virtual.nextDueMs(), engine.nextDueMs(), checks.nextDueMs()),
  };
}

function loadBalancing({ clock, random, deregistrationDelaySeconds = 30, ...options }: SimulatedAwsOptions) {
  const elb = createElbModel({
    region,
    account,
    nowMs: clock.nowMs,
    hex: random.hex,
    drainsWholeDelay: options.drainsWholeDelay ?? false,
  });
  const loadBalancer = elb.createLoadBalancer({ name: "main" }).arn;
  const groupOf = (targetType: "instance" | "ip", port: number) => {
    const healthCheck = { intervalSeconds: 5, timeoutSeconds: 2 };
    const { arn } = elb.createTargetGroup({ name: targetType, targetType, port: 80, healthCheck });
    elb.setDeregistrationDelay(arn, deregistrationDelaySeconds);
    elb.createListener({ loadBalancer, port, targetGroup: arn });
    return arn;
  };
  return { elb, targetGroups: { instance: groupOf("instance", 80), ip: groupOf("ip", 81) } };
}

function nodeAdder(engine: EcsEngine): SimulatedAws["addNode"] {
  const subnets = Object.entries(subnetZones);
  let added = 0;
  return (size = { cpuUnits: 4096, memoryMib: 8192 }) => {
    const [subnet, zone] = subnets[added % subnets.length] ?? ["", ""];
    added += 1;
    const ec2InstanceId = `i-${added.toString(16).padStart(17, "0")}`;
    engine.registerInstance({ cluster: "main", ec2InstanceId, ...size, zone, subnet });
    return ec2InstanceId;
  };
}

function earliest(...times: readonly (number | undefined)[]): number {
  return Math.min(...times.map((time) => time ?? Number.POSITIVE_INFINITY));
}
