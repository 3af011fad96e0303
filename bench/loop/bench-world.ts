import { keys } from "../../core/model/names.ts";
import type { StateRecord } from "../../core/model/records.ts";
import type { WorldOptions } from "../../sim/world/options.ts";
import { createWorld, shopWeb, type World } from "../../sim/world.ts";
import { type Metering, metering } from "./metering.ts";
import { type OwnTime, ownTime } from "./own-time.ts";

/** What the figures rest on: how long a call of a port takes, and how the simulated containers behave, ms. */
export const assumed = { callMs: 2, startsAfterMs: 2_000, stopsAfterMs: 300 } as const;

/** How new tasks become available: RUNNING so long after their RunTask, and counted when they have run for so long. */
export interface Readiness {
  readonly startsAfterMs: number;
  readonly minReadySeconds: number;
}

/** Places for tasks of this size on a node of 4 vCPU and 8 GiB. */
const tasksPerNode = 16;
const size = { cpuUnits: 256, memoryMib: 512 };

/** A service to measure, in a world of its own. */
export interface Bench {
  readonly world: World;
  readonly metering: Metering;
  readonly own: OwnTime;
  /** Sends an apply of the manifest with this image; answers when it was sent, virtual ms. */
  apply(image: string): number;
  /**
   * Runs until that many tasks of an image serve and nothing is left to do.
   * @throws Error after half an hour of virtual time, with what differs.
   */
  settle(replicas: number, image: string): Promise<void>;
}

/** What is measured: how many tasks, and how they are replaced. */
export interface BenchOptions extends Pick<WorldOptions, "callMs">, Partial<Readiness> {
  readonly replicas: number;
  /** Room for so many more tasks than that. */
  readonly spare: number;
  readonly maxSurge?: `${number}%`;
  /** Whether its tasks are behind a target group, so that a look at their health is needed before they count. */
  readonly behindTargetGroup: boolean;
}

/** Nodes for so many tasks, and three to spare. */
export function nodesFor(tasks: number): number {
  return Math.ceil(tasks / tasksPerNode) + 3;
}

/** A world with room for the service, which is not there yet. */
export function benchWorld(options: BenchOptions): Bench {
  const { replicas, spare, callMs = assumed.callMs, startsAfterMs = assumed.startsAfterMs } = options;
  const own = ownTime();
  const counts = metering();
  const world = createWorld({
    callMs,
    nodes: nodesFor(replicas + spare),
    behave: () => ({ startsAfterMs, stopsAfterMs: assumed.stopsAfterMs }),
    checks: false,
    mostCallsAMinute: 1_000_000,
    around: (handler, work) => counts.around(handler, own.around(handler, work)),
  });
  return {
    world,
    metering: counts,
    own,
    apply: (image) => {
      world.apply(manifest(world, options, image));
      return world.clock.nowMs();
    },
    settle: async (wanted, image) => {
      if (await world.run({ until: () => isSettled(world, wanted, image) })) return;
      const { state } = world.service(shopWeb);
      const conditions = state?.conditions.map(({ type, reason, message }) => `${type} ${reason}: ${message}`) ?? [];
      const differences = world.differences(shopWeb, wanted).map((each) => each.slice(0, 200));
      throw new Error(`${wanted} tasks of ${image} did not come about: ${[...differences, ...conditions].join("; ")}`);
    },
  };
}

function manifest(world: World, options: BenchOptions, image: string) {
  const { replicas, maxSurge = "25%", behindTargetGroup, minReadySeconds = 0 } = options;
  const { instance: targetGroup } = world.aws.targetGroups;
  const ports = [{ name: "http", containerPort: 80 }];
  return {
    apiVersion: "longshore.dev/v1",
    kind: "Service",
    metadata: { namespace: "shop", name: "web" },
    spec: {
      replicas,
      restart: { backoffSeconds: 0 },
      task: { containers: [{ name: "app", image, ...size, ports }] },
      traffic: behindTargetGroup ? [{ targetGroup, container: "app", port: "http", drainSeconds: 0 }] : [],
      rollout: { strategy: "rolling", maxSurge, maxUnavailable: 0, minReadySeconds },
    },
  };
}

/** The cheap question first: whether its state is at rest. */
function isSettled(world: World, replicas: number, image: string): boolean {
  const state = world.truth.find<StateRecord>(keys.state(shopWeb));
  if (state === undefined || state.dueAtMs !== undefined || !state.progress.complete) return false;
  const live = world.truth.live(shopWeb);
  const isNew = live.every(({ containers }) => containers.every((container) => container.image === image));
  return live.length === replicas && isNew && world.isConverged(shopWeb, replicas);
}
