import { Fault } from "../../core/model/fault.ts";
import type { Ports } from "../../core/ports/index.ts";
import type { Store } from "../../core/ports/store.ts";
import { engineTasks } from "../../sim/ecs/port.ts";
import { memoryLog } from "../../sim/log.ts";
import { memoryMetrics } from "../../sim/metrics.ts";
import { memoryQueues } from "../../sim/queues.ts";
import { seededRandom } from "../../sim/random.ts";
import { memoryStore } from "../../sim/store.ts";
import { anEcsWorld } from "../contract/ecs-world.ts";
import { aSettings } from "./service.ts";

/** Ports in memory over an ECS with two nodes, all on one clock that tests move. */
export function aStage() {
  const world = anEcsWorld();
  const { clock, engine } = world;
  const store = memoryStore(clock);
  const queues = memoryQueues(clock);
  const metrics = memoryMetrics();
  const log = memoryLog();
  const tasks = engineTasks(engine, clock);
  const network = { mode: "bridge", subnets: [], securityGroups: [], publicIp: false } as const;
  const ports: Ports = {
    settings: aSettings({ defaults: { capacity: "ec2", network, subnetZones: {} } }),
    store,
    queues,
    tasks,
    targets: { register: async () => {}, deregister: async () => {}, health: async () => [] },
    metrics,
    clock,
    random: seededRandom(7),
    log,
  };
  return { ...world, store, queues, metrics, log, tasks, ports };
}

export type Stage = ReturnType<typeof aStage>;

const writes = ["create", "swap", "remove", "take", "halve"] as const satisfies readonly (keyof Store)[];

/** What becomes of a write: it never happens, or it does and nobody is told. */
export type Mishap = "not applied" | "answer lost";

/** A store of which one write goes wrong: the one with that number, from 1. `count` tells how many there were. */
export function mishapAt(store: Store, number: number, mishap: Mishap): { readonly store: Store; count(): number } {
  let count = 0;
  const wrapped = Object.fromEntries(
    writes.map((method) => [
      method,
      async (...args: never[]) => {
        count += 1;
        const act = () => (store[method] as (...given: never[]) => Promise<unknown>)(...args);
        if (count !== number) return act();
        if (mishap === "answer lost") await act();
        throw new Fault("transient", "Timeout", `write ${number}, ${method}, was not answered`);
      },
    ]),
  );
  return { store: { ...store, ...wrapped }, count: () => count };
}

/** Runs something between the read and the write of whoever uses this store: before its first write of that method. */
export function between(store: Store, method: "swap" | "create" | "remove", meanwhile: () => Promise<unknown>): Store {
  let done = false;
  const act = store[method] as (...args: never[]) => Promise<unknown>;
  return {
    ...store,
    [method]: async (...args: never[]) => {
      if (!done) {
        done = true;
        await meanwhile();
      }
      return act(...args);
    },
  };
}

/** The bodies of what was sent to a queue and is due, each parsed. */
export function sent({ queues }: Stage, queue: "work" | "dispatch"): readonly unknown[] {
  return queues.receive(queue, 100).map(({ body }) => JSON.parse(body));
}
