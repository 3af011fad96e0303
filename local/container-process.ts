import type { ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { constants } from "node:os";
import type { ContainerOrder, ContainerReports } from "../sim/ecs/api.ts";
import type { FreePorts } from "./free-ports.ts";
import { healthProgram, watchHealth } from "./health-check.ts";
import { type Program, passes } from "./health-probe.ts";
import { type LogGroups, logStreamOf } from "./log-groups.ts";
import { killGroup, spawnGroup } from "./process-groups.ts";
import type { TaskOutput } from "./task-output.ts";

/** What every container of a driver shares. */
export interface Surroundings {
  readonly reports: ContainerReports;
  readonly ports: FreePorts;
  readonly output: TaskOutput;
  readonly logs: LogGroups;
  /** What a container sees besides its own environment. */
  readonly machine: Readonly<Record<string, string>>;
  /** Where a container without a working directory runs. */
  readonly workingDirectory: string;
}

/** One life of one container, from its order to its end. */
export interface ContainerProcess {
  readonly order: ContainerOrder;
  /** SIGTERM now, SIGKILL to its whole group after the stop timeout; reports `exited`. May be repeated. */
  stop(): void;
  /** Killed from outside, as when it takes too much memory: reports `exited` with 137. */
  crash(): void;
  /** At once, and without a report. */
  kill(): void;
  /** Resolves when its process has ended, or will never begin. */
  readonly ended: Promise<void>;
}

interface Life {
  readonly order: ContainerOrder;
  readonly surroundings: Surroundings;
  readonly gone: PromiseWithResolvers<void>;
  child?: ChildProcess;
  stopping: boolean;
  /** Nothing more is reported: it was killed, or its end is reported. */
  over: boolean;
  endHealth?: () => void;
  killTimer?: NodeJS.Timeout;
}

/** Begins a container; whatever comes of it is reported. */
export function startContainer(order: ContainerOrder, surroundings: Surroundings): ContainerProcess {
  const life: Life = { order, surroundings, gone: Promise.withResolvers(), stopping: false, over: false };
  begin(life).catch((error: unknown) => fail(life, `container ${order.container} could not be started: ${error}`));
  return { order, stop: () => stop(life), kill: () => kill(life), crash: () => crash(life), ended: life.gone.promise };
}

async function begin(life: Life): Promise<void> {
  const { order, surroundings } = life;
  const { container } = order;
  const [file, ...args] = [...order.entryPoint, ...order.command];
  if (file === undefined) {
    fail(life, `the process driver runs a container's command, and container ${container} has none; give it a command`);
    return;
  }
  const cwd = order.workingDirectory ?? surroundings.workingDirectory;
  if (!existsSync(cwd)) {
    fail(life, `container ${container}'s working directory "${cwd}" does not exist on this machine`);
    return;
  }
  const hostPorts: Record<number, number> = {};
  for (const { containerPort } of order.ports) hostPorts[containerPort] ??= await surroundings.ports.next();
  if (life.over) return;
  run(life, [file, ...args], { cwd, hostPorts, env: { ...surroundings.machine, ...variables(order, hostPorts) } });
}

interface Place {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly hostPorts: Readonly<Record<number, number>>;
}

function run(life: Life, [file, ...args]: Program, { cwd, env, hostPorts }: Place): void {
  const { reports, output, logs } = life.surroundings;
  const { taskArn, container } = life.order;
  const child = spawnGroup(file, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  life.child = child;
  const logStream = logStreamOf(life.order);
  output.follow(taskArn, container, child, logStream && logs.open(logStream));
  let started = false;
  const start = () => {
    if (started || life.over) return;
    started = true;
    reports.started(taskArn, container, hostPorts);
    checkHealth(life, { cwd, env });
  };
  child.once("spawn", () => setImmediate(start));
  child.once("error", (error) => fail(life, `container ${container}'s command ${describeError(file, error)}`));
  child.once("exit", (code, signal) => {
    start();
    end(life, code ?? 128 + constants.signals[signal ?? "SIGKILL"]);
    life.gone.resolve();
  });
}

/** The assigned ports win over what the container itself sets: it has to listen there. */
function variables(order: ContainerOrder, hostPorts: Readonly<Record<number, number>>): Record<string, string> {
  const assigned: Record<string, string> = { HOST: "127.0.0.1" };
  for (const [containerPort, port] of Object.entries(hostPorts)) assigned[`PORT_${containerPort}`] = `${port}`;
  const [first] = order.ports;
  if (first) assigned.PORT = `${hostPorts[first.containerPort]}`;
  return { ...order.environment, ...assigned };
}

function describeError(file: string, error: Error): string {
  const code = "code" in error ? error.code : undefined;
  if (code === "ENOENT") return `"${file}" was not found on this machine`;
  if (code === "EACCES") return `"${file}" may not be executed`;
  return `"${file}" could not be started: ${error.message}`;
}

function checkHealth(life: Life, place: Pick<Place, "cwd" | "env">): void {
  const { taskArn, container, health } = life.order;
  const program = health && healthProgram(health.command);
  if (!health || !program) return;
  const timeoutMs = health.timeoutSeconds * 1000;
  life.endHealth = watchHealth(
    health,
    (signal) => passes(program, place, { timeoutMs, signal }),
    (status) => life.surroundings.reports.health(taskArn, container, status),
  );
}

function stop(life: Life): void {
  if (life.stopping || life.over) return;
  life.stopping = true;
  const pid = life.child?.pid;
  if (pid === undefined) {
    end(life, 128 + constants.signals.SIGTERM);
    return;
  }
  life.child?.kill("SIGTERM");
  life.killTimer = setTimeout(() => killGroup(pid), life.order.stopTimeoutSeconds * 1000);
}

function kill(life: Life): void {
  finish(life);
  crash(life);
}

function crash(life: Life): void {
  if (life.child?.pid !== undefined) killGroup(life.child.pid);
}

function fail(life: Life, why: string): void {
  if (life.over) return;
  finish(life);
  life.surroundings.reports.failed(life.order.taskArn, life.order.container, `CannotStartContainerError: ${why}`);
}

function end(life: Life, code: number): void {
  if (life.over) return;
  finish(life);
  life.surroundings.reports.exited(life.order.taskArn, life.order.container, { code });
}

function finish(life: Life): void {
  life.over = true;
  life.endHealth?.();
  clearTimeout(life.killTimer);
  if (life.child?.pid === undefined) life.gone.resolve();
}
