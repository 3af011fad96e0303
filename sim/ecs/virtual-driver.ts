import type { ContainerDriver, ContainerOrder, ContainerReports } from "./api.ts";

/**
 * How a virtual container behaves, in ms after its order or, where said, after its start. An empty one starts at once
 * and runs until it is stopped.
 */
export interface VirtualBehaviour {
  readonly startsAfterMs?: number;
  /** It does not start: after `startsAfterMs` it fails with this reason. */
  readonly failsWith?: string;
  /** After its start: it ends by itself, with `exitCode` (default 1). */
  readonly exitsAfterMs?: number;
  readonly exitCode?: number;
  readonly outOfMemory?: boolean;
  /** After its start, and only where the order has a health check. Absent: its health is never known. */
  readonly healthyAfterMs?: number;
  readonly unhealthyAfterMs?: number;
  /** After SIGTERM; default 0. Exit code 143. */
  readonly stopsAfterMs?: number;
  /** It runs on until the stop timeout, when it is killed: exit code 137. */
  readonly ignoresSigterm?: boolean;
}

/** One container that is being started or runs: the truth, whatever ECS shows. */
export interface VirtualContainer {
  readonly order: ContainerOrder;
  readonly started: boolean;
  readonly stopping: boolean;
}

/** Containers that exist only as moments at which something is reported. */
export interface VirtualDriver extends ContainerDriver {
  /** Reports all that has happened by then, in order. */
  advance(nowMs: number): void;
  /** When something happens next, epoch ms. */
  nextDueMs(): number | undefined;
  /** In the order in which they were ordered. */
  containers(): readonly VirtualContainer[];
}

/** Time, and how containers behave. */
export interface VirtualDriverOptions {
  readonly nowMs: () => number;
  /** Says what becomes of an order; has to answer the same for the same. */
  readonly behave: (order: ContainerOrder) => VirtualBehaviour;
}

type Happening =
  | { readonly kind: "started" | "failed" }
  | { readonly kind: "health"; readonly health: "HEALTHY" | "UNHEALTHY" }
  | { readonly kind: "exited"; readonly code: number; readonly outOfMemory?: boolean };

interface Moment {
  readonly atMs: number;
  readonly happening: Happening;
}

interface Container extends VirtualContainer {
  readonly behaviour: VirtualBehaviour;
  /** What will happen to it, soonest first. */
  readonly moments: readonly Moment[];
}

interface Machine {
  readonly options: VirtualDriverOptions;
  readonly containers: Map<string, Container>;
  reports: ContainerReports | undefined;
  lastPort: number;
}

/** A driver over a virtual clock: whoever drives it asks `nextDueMs` and calls `advance`. */
export function createVirtualDriver(options: VirtualDriverOptions): VirtualDriver {
  const machine: Machine = { options, containers: new Map(), reports: undefined, lastPort: firstPort };
  return {
    connect: (reports) => {
      machine.reports = reports;
    },
    start: (order) => start(machine, order),
    stop: (taskArn, container) => stop(machine, keyOf({ taskArn, container })),
    kill: (taskArn, container) => {
      machine.containers.delete(keyOf({ taskArn, container }));
    },
    advance: (nowMs) => advance(machine, nowMs),
    nextDueMs: () => earliest(machine)?.moments[0]?.atMs,
    containers: () => [...machine.containers.values()],
  };
}

const firstPort = 20_000;
const lastPort = 60_000;

function keyOf({ taskArn, container }: { readonly taskArn: string; readonly container: string }): string {
  return `${taskArn} ${container}`;
}

function start(machine: Machine, order: ContainerOrder): void {
  if (machine.containers.has(keyOf(order))) return;
  const behaviour = machine.options.behave(order);
  const happening = { kind: behaviour.failsWith === undefined ? "started" : "failed" } as const;
  const moment = { atMs: machine.options.nowMs() + (behaviour.startsAfterMs ?? 0), happening };
  machine.containers.set(keyOf(order), { order, behaviour, started: false, stopping: false, moments: [moment] });
}

function stop(machine: Machine, key: string): void {
  const container = machine.containers.get(key);
  if (container === undefined || container.stopping) return;
  const { stopsAfterMs = 0, ignoresSigterm = false } = container.behaviour;
  const timeoutMs = container.order.stopTimeoutSeconds * 1000;
  const outlasts = ignoresSigterm || stopsAfterMs > timeoutMs;
  const afterMs = !container.started ? 0 : outlasts ? timeoutMs : stopsAfterMs;
  const code = container.started && !outlasts ? 143 : 137;
  const end = { atMs: machine.options.nowMs() + afterMs, happening: { kind: "exited", code } } as const;
  const others = container.started ? container.moments : [];
  machine.containers.set(key, { ...container, stopping: true, moments: soonestFirst([...others, end]) });
}

function advance(machine: Machine, nowMs: number): void {
  for (let next = earliest(machine); next !== undefined; next = earliest(machine)) {
    const [moment, ...moments] = next.moments;
    if (moment === undefined || moment.atMs > nowMs) return;
    const key = keyOf(next.order);
    const ends = moment.happening.kind === "exited" || moment.happening.kind === "failed";
    const later = moment.happening.kind === "started" ? lifeFrom(next, moment.atMs) : moments;
    if (ends) machine.containers.delete(key);
    else machine.containers.set(key, { ...next, started: true, moments: later });
    report(machine, next, moment.happening);
  }
}

/** Of several at one moment, the container that was ordered first. */
function earliest(machine: Machine): Container | undefined {
  let first: Container | undefined;
  for (const container of machine.containers.values()) {
    const atMs = container.moments[0]?.atMs ?? Number.POSITIVE_INFINITY;
    if (atMs < (first?.moments[0]?.atMs ?? Number.POSITIVE_INFINITY)) first = container;
  }
  return first;
}

/** What a container that starts will do by itself. */
function lifeFrom({ behaviour, order }: Container, startMs: number): readonly Moment[] {
  const { healthyAfterMs, unhealthyAfterMs, exitsAfterMs, exitCode = 1, outOfMemory = false } = behaviour;
  const rows: readonly (readonly [number | undefined, Happening])[] = [
    [order.health && healthyAfterMs, { kind: "health", health: "HEALTHY" }],
    [order.health && unhealthyAfterMs, { kind: "health", health: "UNHEALTHY" }],
    [exitsAfterMs, { kind: "exited", code: exitCode, outOfMemory }],
  ];
  return soonestFirst(
    rows.flatMap(([afterMs, happening]) => (afterMs === undefined ? [] : [{ atMs: startMs + afterMs, happening }])),
  );
}

function soonestFirst(moments: readonly Moment[]): readonly Moment[] {
  return moments.toSorted((a, b) => a.atMs - b.atMs);
}

function report(machine: Machine, { order, behaviour }: Container, happening: Happening): void {
  const { taskArn, container } = order;
  switch (happening.kind) {
    case "started":
      machine.reports?.started(taskArn, container, Object.fromEntries(order.ports.map((port) => lend(machine, port))));
      break;
    case "failed":
      machine.reports?.failed(taskArn, container, behaviour.failsWith ?? "");
      break;
    case "health":
      machine.reports?.health(taskArn, container, happening.health);
      break;
    case "exited":
      machine.reports?.exited(taskArn, container, happening);
  }
}

function lend(machine: Machine, { containerPort }: { readonly containerPort: number }): readonly [number, number] {
  machine.lastPort = machine.lastPort >= lastPort ? firstPort : machine.lastPort + 1;
  return [containerPort, machine.lastPort];
}
