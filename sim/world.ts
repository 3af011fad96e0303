import { type ServiceKey, serviceKey } from "../core/model/ids.ts";
import { keys } from "../core/model/names.ts";
import type { SpecRecord } from "../core/model/records.ts";
import type { Ports } from "../core/ports/index.ts";
import type { Trouble } from "../core/trouble/trouble.ts";
import { type VirtualClock, virtualClock } from "./clock.ts";
import type { EngineTask } from "./ecs/api.ts";
import { engineTasks } from "./ecs/port.ts";
import { modelTargets } from "./elb/port.ts";
import { type MemoryLog, memoryLog } from "./log.ts";
import { type MemoryMetrics, memoryMetrics } from "./metrics.ts";
import { type MemoryQueues, memoryQueues } from "./queues.ts";
import { seededRandom } from "./random.ts";
import { type MemoryStore, memoryStore } from "./store.ts";
import { type SimulatedAws, simulatedAws } from "./world/aws.ts";
import type { CallSite } from "./world/call-site.ts";
import { whatDiffers, whatIsLeft } from "./world/convergence.ts";
import { deliverEvent } from "./world/event-messages.ts";
import { watchInvariants } from "./world/invariants.ts";
import type { WorldOptions } from "./world/options.ts";
import { runner } from "./world/runner.ts";
import { servingNow } from "./world/serving.ts";
import { worldSettings } from "./world/settings.ts";
import { type ServiceView, type Truth, truthOf } from "./world/truth.ts";

/** How far to run. */
export interface RunLimits {
  /** Stop as soon as this is so. */
  readonly until?: () => boolean;
  /** For this long at most, in virtual time. Default 30 minutes. */
  readonly mostMs?: number;
}

/** The real steps over simulated ports, on one virtual clock. */
export interface World {
  readonly clock: VirtualClock;
  readonly aws: SimulatedAws;
  readonly store: MemoryStore;
  readonly queues: MemoryQueues;
  /** What autoscaling reads: a queue that nothing is set of does not exist. */
  readonly metrics: MemoryMetrics;
  readonly log: MemoryLog;
  readonly truth: Truth;
  /** Every call of every pass, in order. */
  readonly calls: readonly CallSite[];
  /** What sweeps told of that deserves a person, with the virtual moment at which each was told. */
  readonly troubles: readonly (Trouble & { readonly atMs: number })[];
  /** Sends a command; answers the id of its message. */
  send(type: string, data: unknown, given?: { readonly id?: string; readonly sender?: string }): string;
  apply(manifest: unknown): string;
  scale(key: ServiceKey, replicas: number): string;
  delete(key: ServiceKey): string;
  /** Stores a pause of a service, or its end, at this very moment: what a command does as soon as it is carried out. */
  pause(key: ServiceKey, paused: boolean): Promise<void>;
  /**
   * Lets time pass and everything happen that is due in it.
   * @returns Whether `until` came true; without it, true.
   * @throws Error as soon as an invariant is broken or a handler fails for anything but a fault of the world.
   */
  run(limits?: RunLimits): Promise<boolean>;
  /** Every task that ECS still describes. */
  tasks(): readonly EngineTask[];
  /** Those of a service that really serve now: they run, pass their checks, and load balancers send them requests. */
  serving(key: ServiceKey): readonly EngineTask[];
  service(key: ServiceKey): ServiceView;
  isConverged(key: ServiceKey, replicas: number): boolean;
  /** Why not. */
  differences(key: ServiceKey, replicas: number): readonly string[];
  isDeleted(key: ServiceKey): boolean;
  /** The last calls of the run, one a line, for people. */
  trace(last?: number): string;
}

const defaultMostMs = 30 * 60_000;

/** A world with one install that nobody has used yet. */
export function createWorld(options: WorldOptions = {}): World {
  const { seed = 1, events = true, nodes = 3, deliveries = 1, checks = true } = options;
  const clock = virtualClock();
  const random = seededRandom(seed);
  const settings = worldSettings(options.quota);
  const store = memoryStore(clock);
  const queues = memoryQueues(clock);
  const metrics = memoryMetrics();
  const log = memoryLog();
  const behave = options.behave ?? (() => ({ startsAfterMs: 2_000, healthyAfterMs: 1_000, stopsAfterMs: 300 }));
  const { drainsWholeDelay = false } = options;
  const aws = simulatedAws({ clock, random: seededRandom(seed + 1_000_003), behave, drainsWholeDelay });
  const chance = seededRandom(seed + 2_000_003);
  aws.engine.onEvent((event) => deliverEvent(queues, chance, events, event));
  for (let count = 0; count < nodes; count += 1) aws.addNode();

  const truth = truthOf(store, aws, settings.cluster);
  const watch = watchInvariants({ truth, aws, clock, settings }, checks ? undefined : []);
  const ports: Ports = {
    settings,
    store,
    queues: deliveries === 2 ? sendingTwice(queues) : queues,
    tasks: engineTasks(aws.engine, clock),
    targets: modelTargets(aws.elb),
    metrics,
    clock,
    random: options.fraction === undefined ? random : { ...random, fraction: () => options.fraction ?? 0 },
    log,
  };
  const troubles: (Trouble & { readonly atMs: number })[] = [];
  const troubled = (found: readonly Trouble[]) =>
    void troubles.push(...found.map((trouble) => ({ ...trouble, atMs: clock.nowMs() })));
  const running = runner({ ...options, ports, clock, queues, aws, watch, chance, troubled });
  return {
    clock,
    aws,
    store,
    queues,
    metrics,
    log,
    truth,
    calls: running.calls,
    troubles,
    ...commanding(queues, deliveries),
    pause: async (key, paused) => {
      const spec = truth.find<SpecRecord>(keys.spec(key));
      const written = spec && (await store.swap(spec, { paused, ...(paused ? {} : { resumedAtMs: clock.nowMs() }) }));
      if (written) watch.wrote(written);
    },
    run: ({ until, mostMs = defaultMostMs } = {}) => running.run(clock.nowMs() + mostMs, until),
    tasks: () => aws.engine.tasks(),
    serving: (key) => servingNow(aws, truth.service(key), truth.live(key)),
    service: truth.service,
    isConverged: (key, replicas) => whatDiffers(truth, aws, key, replicas).length === 0,
    differences: (key, replicas) => whatDiffers(truth, aws, key, replicas),
    isDeleted: (key) => whatIsLeft(truth, aws, key).length === 0,
    trace: running.trace,
  };
}

function sendingTwice(queues: MemoryQueues): MemoryQueues {
  return {
    ...queues,
    wake: async (queue, wakeups, delaySeconds) => queues.wake(queue, [...wakeups, ...wakeups], delaySeconds),
    report: async (observations, hops) => {
      await queues.report(observations, hops);
      await queues.report(observations, hops);
    },
  };
}

function commanding(queues: MemoryQueues, deliveries: 1 | 2) {
  let sent = 0;
  const send: World["send"] = (type, data, { id, sender = "AIDATEST" } = {}) => {
    sent += 1;
    const event = { specversion: "1.0", id: id ?? `c-${sent}`, source: "test", type: `dev.longshore.${type}`, data };
    const body = JSON.stringify(event);
    const message = queues.send("commands", body, { group: "test", sender });
    if (deliveries === 2) queues.send("commands", body, { group: "test", sender });
    return message;
  };
  const naming = (key: ServiceKey) => {
    const [namespace, name] = key.split("/");
    return { kind: "Service", metadata: { namespace, name } };
  };
  return {
    send,
    apply: (manifest: unknown) => send("apply", manifest),
    scale: (key: ServiceKey, replicas: number) => send("scale", { ...naming(key), replicas, confirm: true }),
    delete: (key: ServiceKey) => send("delete", naming(key)),
  };
}

/** The service that most runs are about. */
export const shopWeb = serviceKey("shop", "web");
