import { roomFor, takeFor } from "../../core/dispatch/budget.ts";
import { worldSettings } from "../../sim/world/settings.ts";
import { assumed, type Bench } from "./bench-world.ts";
import type { Figure } from "./report.ts";
import { type RolloutBound, rolloutBound } from "./rollout-bound.ts";

/**
 * Rolls another image out, and answers how long it took, ms: until the last old task has stopped. What comes after that
 * is not counted, but waited for.
 */
export async function rollOut({ world, apply, settle }: Bench, replicas: number, image: string): Promise<number> {
  const fromMs = apply(image);
  await settle(replicas, image);
  return Math.max(...world.tasks().map(({ stoppedAtMs = 0 }) => stoppedAtMs)) - fromMs;
}

/** How long a rollout took beside its bound, and which bound that is. */
export function rolloutFigures(replicas: number, surgePercent: number, tookMs: number): readonly Figure[] {
  const { ms, binding } = boundOf(replicas, Math.ceil((replicas * surgePercent) / 100));
  const name = `surge ${surgePercent}%`;
  return [
    { name: `${name}, time`, value: tookMs / 1000, unit: "s", bound: "the next line" },
    { name: `${name}, bound`, value: ms / 1000, unit: `s (${binding})`, bound: "the longer of the two" },
    { name: `${name}, ratio`, value: tookMs / ms, unit: "", bound: "goal 1.05" },
  ];
}

function boundOf(replicas: number, surge: number): RolloutBound {
  const callsAWindow = roomFor("ecs-modify", "rollout", worldSettings());
  const { startsAfterMs: readyMs, stopsAfterMs: stopMs } = assumed;
  return rolloutBound({ replicas, surge, readyMs, stopMs, callsAWindow, windowMs: budgetWindowMs() });
}

/** How long the windows are in which RunTask and StopTask are counted: where the second one begins. */
function budgetWindowMs(): number {
  let nowMs = 0;
  while (takeFor("ecs-modify", "rollout", 1, worldSettings(), nowMs).windowMs === 0) nowMs += 1_000;
  return nowMs;
}
