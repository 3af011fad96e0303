import { type Bench, benchWorld } from "./bench-world.ts";
import { costFigures, unitFigures } from "./costs.ts";
import { measureLatencies } from "./latency.ts";
import { between, type Counts } from "./meter.ts";
import type { Figure } from "./report.ts";
import { restFigures } from "./rest.ts";
import { type RolloutTrial, rollOut, rolloutFigures } from "./rollout.ts";

/** A service that is measured. A target group holds 1,000 targets at most, those of a surge included. */
export interface Subject {
  readonly size: string;
  readonly replicas: number;
  readonly behindTargetGroup: boolean;
  /** Of each latency; p99 of fewer than 100 is the largest. */
  readonly repetitions: number;
  /** The rollouts, at least one; the first is the one whose cost is told. */
  readonly rollouts: readonly [RolloutTrial, ...RolloutTrial[]];
}

/** Figures by what they answer. */
export type Measured = Readonly<Record<Question, readonly Figure[]>>;

/** What the bench asks of a service. */
export type Question =
  | "latencies"
  | "rollouts"
  | "deploy calls"
  | "replacement calls"
  | "rollout calls"
  | "deploy units"
  | "replacement units"
  | "rollout units"
  | "rest";

const [first, second] = ["shop/web:1", "shop/web:2"] as const;

/**
 * Measures one service: its latencies in a world in which calls take time, all else in worlds in which waits alone do.
 */
export async function measure(subject: Subject): Promise<Measured> {
  const { replicas, repetitions } = subject;
  const slow = worldOf(subject, repetitions, {});
  await costOf(slow, () => deploy(slow, replicas));
  const { figures, replacing } = await measureLatencies(slow, { replicas, image: first, repetitions });
  const bench = worldOf(subject, 0, { callMs: 0, ...subject.rollouts[0] });
  const deploying = await costOf(bench, () => deploy(bench, replicas));
  const rest = await restFigures(bench);
  let rolling: Counts = new Map();
  const rollouts: Figure[] = [];
  for (const [index, trial] of subject.rollouts.entries()) {
    const world = index === 0 ? bench : worldOf(subject, 0, { callMs: 0, ...trial });
    if (index > 0) await deploy(world, replicas);
    const cost = await costOf(world, async () => {
      const tookMs = await rollOut(world, replicas, second);
      if (!subject.behindTargetGroup) rollouts.push(...rolloutFigures(replicas, trial, tookMs));
    });
    if (index === 0) rolling = cost;
  }
  return {
    latencies: figures,
    rollouts,
    "deploy calls": costFigures(deploying, replicas),
    "replacement calls": costFigures(replacing, repetitions),
    "rollout calls": costFigures(rolling, replicas),
    "deploy units": unitFigures(deploying, replicas),
    "replacement units": unitFigures(replacing, repetitions),
    "rollout units": unitFigures(rolling, replicas),
    rest,
  };
}

function worldOf(
  { replicas, behindTargetGroup }: Subject,
  spare: number,
  { surge = 25, ...given }: Partial<RolloutTrial> & { readonly callMs?: number },
): Bench {
  return benchWorld({
    replicas,
    behindTargetGroup,
    spare: Math.ceil((replicas * surge) / 100) + spare,
    maxSurge: `${surge}%`,
    ...given,
  });
}

async function deploy({ apply, settle }: Bench, replicas: number): Promise<void> {
  apply(first);
  await settle(replicas, first);
}

async function costOf({ metering }: Bench, act: () => Promise<void>): Promise<Counts> {
  const before = metering.read();
  await act();
  return between(before, metering.read());
}
