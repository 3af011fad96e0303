import type { Ports } from "../../core/ports/index.ts";
import type { HandlerName } from "../../sim/world/call-site.ts";
import type { Around } from "../../sim/world/options.ts";
import { callMs } from "./assumed.ts";

/** One pass of a handler: how long it waited, how often it called, and what its own code took of the processor. */
export interface TimedPass {
  readonly handler: HandlerName;
  readonly waitedMs: number;
  readonly calls: number;
  readonly ownMs: number;
}

const ports = ["store", "queues", "tasks", "targets", "metrics"] as const;

type Act = (...args: readonly unknown[]) => Promise<unknown>;

/** Times passes on a clock of their own, on which calls that are made at once wait at the same time. */
export function timing(): { readonly around: Around; readonly passes: readonly TimedPass[] } {
  const passes: TimedPass[] = [];
  const around: Around = (handler, work) => async (given) => {
    const waits = waitingLine();
    let calls = 0;
    let othersMs = 0;
    const timed = (port: (typeof ports)[number], method: string, act: Act): Act => {
      return async (...args) => {
        const lasts = callMs[`${port}.${method}`];
        if (lasts === undefined) throw new Error(`how long ${port}.${method} takes has to be assumed`);
        calls += 1;
        await waits.wait(lasts);
        const fromMs = processorMs();
        try {
          return await act(...args);
        } finally {
          othersMs += processorMs() - fromMs;
        }
      };
    };
    const beganMs = processorMs();
    await waits.until(work(wrapped(given, timed)));
    const ownMs = Math.max(0, processorMs() - beganMs - othersMs);
    passes.push({ handler, waitedMs: waits.nowMs(), calls, ownMs });
  };
  return { around, passes };
}

function wrapped(given: Ports, timed: (port: (typeof ports)[number], method: string, act: Act) => Act): Ports {
  const around = (port: (typeof ports)[number]) =>
    Object.fromEntries(
      Object.entries(given[port] as unknown as Record<string, Act>).map(([method, act]) => [
        method,
        timed(port, method, act),
      ]),
    );
  return { ...given, ...Object.fromEntries(ports.map((port) => [port, around(port)])) };
}

/** A line of calls that wait: whoever is done first goes on first, and only when nobody can go on without. */
function waitingLine() {
  let nowMs = 0;
  const line: { readonly atMs: number; readonly go: () => void }[] = [];
  return {
    nowMs: () => nowMs,
    wait: (ms: number) =>
      new Promise<void>((go) => {
        line.push({ atMs: nowMs + ms, go });
        line.sort((a, b) => a.atMs - b.atMs);
      }),
    until: async (work: Promise<void>) => {
      let isOver = false;
      const end = () => {
        isOver = true;
      };
      work.then(end, end);
      for (;;) {
        await new Promise((resolve) => setImmediate(resolve));
        if (isOver) return work;
        const next = line.shift();
        if (next === undefined) continue;
        nowMs = next.atMs;
        next.go();
      }
    },
  };
}

function processorMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
