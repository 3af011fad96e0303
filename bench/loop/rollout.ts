import { roomFor, takeFor } from "../../core/dispatch/budget.ts";
import { worldSettings } from "../../sim/world/settings.ts";
import { assumed, type Bench, nodesFor, type Readiness } from "./bench-world.ts";
import type { Figure } from "./report.ts";
import { type RolloutBound, rolloutBound } from "./rollout-bound.ts";

/** How a rollout goes. */
export interface RolloutTrial extends Readiness {
  /** Tasks above those wanted, percent of them. */
  readonly surge: number;
}

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
export function rolloutFigures(replicas: number, trial: RolloutTrial, tookMs: number): readonly Figure[] {
  const { ms, binding } = boundOf(replicas, trial);
  const name = `surge ${trial.surge}%, ready in ${readyMs(trial) / 1000} s`;
  return [
    { name: `${name}: time`, value: tookMs / 1000, unit: "s", bound: "the next line" },
    { name: `${name}: bound`, value: ms / 1000, unit: `s (${binding})`, bound: "the longer of the two" },
    { name: `${name}: ratio`, value: tookMs / ms, unit: "", bound: "goal 1.05" },
  ];
}

function readyMs({ startsAfterMs, minReadySeconds }: RolloutTrial): number {
  return startsAfterMs + minReadySeconds * 1000;
}

function boundOf(replicas: number, trial: RolloutTrial): RolloutBound {
  const surge = Math.ceil((replicas * trial.surge) / 100);
  return rolloutBound({
    replicas,
    surge,
    nodes: nodesFor(replicas + surge),
    readyMs: readyMs(trial),
    stopMs: assumed.stopsAfterMs,
    stopsAWindow: roomFor("ecs-modify", "rollout-stop", worldSettings()),
    callsAWindow: roomFor("ecs-modify", "rollout", worldSettings()),
    windowMs: budgetWindowMs(),
  });
}

/** How long the windows are in which RunTask and StopTask are counted: where the second one begins. */
function budgetWindowMs(): number {
  let nowMs = 0;
  while (takeFor("ecs-modify", "rollout", 1, worldSettings(), nowMs).windowMs === 0) nowMs += 1_000;
  return nowMs;
}
