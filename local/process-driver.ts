import type { ContainerDriver } from "../sim/ecs/api.ts";
import { type ContainerProcess, type Surroundings, startContainer } from "./container-process.ts";
import { freePorts } from "./free-ports.ts";
import { type LogGroups, logGroups } from "./log-groups.ts";
import { type OutputLine, type OutputListener, taskOutput } from "./task-output.ts";

/** How containers run as processes; without any option, as they do in `longshore dev`. */
export interface ProcessDriverOptions {
  /** Told of every line that a container writes. */
  readonly onOutput?: OutputListener;
  /** Takes what containers with the log driver `awslogs` write. Default: nobody reads it. */
  readonly logs?: LogGroups;
  /** What containers see besides their own environment. Default: PATH, HOME, LANG and TMPDIR of this process. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Where containers without a working directory run. Default: this process's. */
  readonly workingDirectory?: string;
}

/** Runs containers as processes of this machine. */
export interface ProcessDriver extends ContainerDriver {
  /** The last 500 lines that a task's containers wrote. */
  output(taskArn: string): readonly OutputLine[];
  /** Kills a task's containers as somebody outside would: each is reported as exited with 137. */
  crash(taskArn: string): void;
  /** Kills all that runs and starts nothing any more; resolves when all of it has ended. */
  close(): Promise<void>;
}

/**
 * Runs each container's `entryPoint` and `command` as a process group; the image is not used. The first port that a
 * container declares is a free loopback port, in `PORT`; every one is in `PORT_<containerPort>`; `HOST` is 127.0.0.1.
 * No process outlives this one, unless this one ends by SIGKILL. What only a container can have has no effect: volumes,
 * secrets and files of variables, registry credentials, GPUs, a user, limits of CPU and memory.
 */
export function processDriver(options: ProcessDriverOptions = {}): ProcessDriver {
  const running = new Map<string, ContainerProcess>();
  const output = taskOutput(options.onOutput);
  const logs = options.logs ?? logGroups();
  let surroundings: Surroundings | undefined;
  return {
    connect: (reports) => {
      surroundings = {
        reports,
        output,
        logs,
        ports: freePorts(),
        machine: options.environment ?? machineEnvironment(),
        workingDirectory: options.workingDirectory ?? process.cwd(),
      };
    },
    start: (order) => {
      const key = keyOf(order.taskArn, order.container);
      if (!surroundings || running.get(key)?.order.attempt === order.attempt) return;
      const container = startContainer(order, surroundings);
      running.set(key, container);
      void container.ended.then(() => {
        if (running.get(key) === container) running.delete(key);
      });
    },
    stop: (taskArn, container) => running.get(keyOf(taskArn, container))?.stop(),
    kill: (taskArn, container) => running.get(keyOf(taskArn, container))?.kill(),
    output: output.of,
    crash: (taskArn) => {
      for (const container of running.values()) if (container.order.taskArn === taskArn) container.crash();
    },
    close: async () => {
      surroundings = undefined;
      const left = [...running.values()];
      for (const container of left) container.kill();
      await Promise.all(left.map(({ ended }) => ended));
    },
  };
}

const keyOf = (taskArn: string, container: string) => `${taskArn} ${container}`;

/** Enough to find and run programs, and none of this machine's secrets. */
function machineEnvironment(): Readonly<Record<string, string>> {
  const names = ["PATH", "HOME", "LANG", "TMPDIR", "SystemRoot"];
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}
