import type { HandlerName } from "../../sim/world/call-site.ts";
import { shopWeb } from "../../sim/world.ts";
import { assumed, type Bench } from "./bench-world.ts";
import { between, type Counts, together } from "./meter.ts";
import type { Figure } from "./report.ts";
import { percentile } from "./statistics.ts";

/** One way from a cause to the RunTask that it led to. */
interface Way {
  readonly virtualMs: number;
  readonly ownMs: number;
}

const ownGoal = "goal 200 ms";
const handlers: readonly HandlerName[] = ["accept", "observe", "reconcile", "dispatch"];

/** What the repetitions showed, and all that the replacements among them cost. */
export interface Latencies {
  readonly figures: readonly Figure[];
  readonly replacing: Counts;
}

/**
 * Scales a settled service up by one, and kills one of its tasks, that often, and measures the way to the RunTask that
 * follows: in virtual time, and in time of our own code.
 */
export async function measureLatencies(
  bench: Bench,
  { replicas, image, repetitions }: { readonly replicas: number; readonly image: string; readonly repetitions: number },
): Promise<Latencies> {
  const from = bench.own.passes.length;
  const accepted: Way[] = [];
  const replaced: Way[] = [];
  const replacing: Counts[] = [];
  for (let count = 1; count <= repetitions; count += 1) {
    accepted.push(await wayToRunTask(bench, () => void bench.world.scale(shopWeb, replicas + count)));
    await bench.settle(replicas + count, image);
    const before = bench.metering.read();
    replaced.push(await wayToRunTask(bench, () => killOne(bench, count)));
    await bench.settle(replicas + count, image);
    replacing.push(between(before, bench.metering.read()));
  }
  const passes = bench.own.passes.slice(from);
  const figures = [
    ...spread("scale command → RunTask", accepted),
    ...spread("task stopped → RunTask of its replacement", replaced),
    ...handlers.map((handler) => {
      const own = passes.filter((pass) => pass.handler === handler).map(({ ownMs }) => ownMs);
      return figure(`one pass of ${handler}, own time, p99`, percentile(own, 0.99), ownGoal);
    }),
  ];
  return { figures, replacing: together(replacing) };
}

async function wayToRunTask({ world, own }: Bench, cause: () => void): Promise<Way> {
  const [fromMs, fromOwnMs, sent] = [world.clock.nowMs(), own.ownMs(), own.runs.length];
  cause();
  await world.run({ until: () => own.runs.length > sent, mostMs: 10 * 60_000 });
  const run = own.runs[sent];
  if (run === undefined) throw new Error("no RunTask followed within ten minutes");
  return { virtualMs: run.virtualMs - fromMs, ownMs: run.ownMs - fromOwnMs };
}

/** Another one each time, all over the service. */
function killOne({ world }: Bench, count: number): void {
  const live = world.truth.live(shopWeb);
  world.aws.crash(live[(count * 7) % live.length]?.arn ?? "");
}

function spread(name: string, ways: readonly Way[]): readonly Figure[] {
  const bound = `calls x ${assumed.callMs} ms, one after another`;
  return [
    ...([0.5, 0.99] as const).map((share) =>
      figure(
        `${name}, virtual, p${share * 100}`,
        percentile(
          ways.map(({ virtualMs }) => virtualMs),
          share,
        ),
        bound,
      ),
    ),
    ...([0.5, 0.99] as const).map((share) =>
      figure(
        `${name}, own time, p${share * 100}`,
        percentile(
          ways.map(({ ownMs }) => ownMs),
          share,
        ),
        ownGoal,
      ),
    ),
  ];
}

function figure(name: string, value: number, bound: string): Figure {
  return { name, value, unit: "ms", bound };
}
