import {
  type Arbitrary,
  array,
  assert,
  constant,
  constantFrom,
  double,
  integer,
  oneof,
  option,
  property,
  record,
} from "fast-check";
import { describe, expect, test } from "vitest";
import { decideScale, type ScaleDecision } from "../../../core/autoscale/scale.ts";
import type { Scale } from "../../../core/model/records.ts";
import type { Autoscaling, Pace } from "../../../core/model/service.ts";
import type { MetricReading } from "../../../core/ports/metrics.ts";
import { anAutoscaling, aQueue } from "../../support/autoscaling.ts";

const messagesPerTask = [5, 3, 1] as const;

/** An optional field that is there or not. */
const pace: Arbitrary<Pace> = record(
  { windowSeconds: constantFrom(0, 30, 60, 300), percentPerMinute: integer({ min: 1, max: 100 }) },
  { requiredKeys: ["windowSeconds"] },
);

const settings: Arbitrary<Autoscaling> = record({
  min: integer({ min: 0, max: 5 }),
  span: integer({ min: 1, max: 60 }),
  queues: integer({ min: 1, max: 3 }),
  pollSeconds: integer({ min: 5, max: 300 }),
  cooldownSeconds: constantFrom(0, 60, 300),
  activation: constantFrom(0, 0, 7),
  tolerance: oneof(constantFrom(0, 0.1, 1), double({ min: 0, max: 1, noNaN: true })),
  scaleIn: pace,
  scaleOut: pace,
}).map(({ min, span, queues, ...rest }) => {
  const metrics = messagesPerTask.slice(0, queues).map((messages, index) => aQueue(`queue-${index}`, messages));
  return anAutoscaling({ ...rest, min, max: min + span, metrics });
});

const reading: Arbitrary<MetricReading> = oneof(
  { weight: 6, arbitrary: constantFrom(0, 0, 5, 7, 8, 20, 40, 60, 100, 200).map(read) },
  { weight: 3, arbitrary: integer({ min: 0, max: 300 }).map(read) },
  { weight: 1, arbitrary: constantFrom(-1, Number.NaN, Number.POSITIVE_INFINITY, Number.MAX_VALUE).map(read) },
  { weight: 1, arbitrary: constant<MetricReading>({ kind: "missing", reason: "throttled" }) },
);

interface Look {
  readonly afterMs: number;
  readonly metrics: readonly MetricReading[];
}

/** At most twenty looks in a minute, which is what is remembered whole. */
const looks: Arbitrary<readonly Look[]> = array(
  record({
    afterMs: oneof(integer({ min: 3001, max: 90_000 }), constantFrom(10_000, 30_000, 60_000, 300_000)),
    metrics: array(reading, { minLength: 3, maxLength: 3 }),
  }),
  { minLength: 1, maxLength: 40 },
);

/** Records as nobody would write them, too. */
const disorder: Arbitrary<Scale | undefined> = option(
  record(
    {
      replicas: integer({ min: -5, max: 90 }),
      idleSinceMs: integer({ min: -1_000_000, max: 1_000_000 }),
      recommended: array(
        record({
          sinceMs: integer({ min: -1_000_000, max: 1_000_000 }),
          low: integer({ min: -5, max: 90 }),
          high: integer({ min: -5, max: 90 }),
        }),
        { maxLength: 25 },
      ),
      moves: array(record({ atMs: integer({ min: -90_000, max: 90_000 }), by: integer({ min: -50, max: 50 }) }), {
        maxLength: 25,
      }),
    },
    { requiredKeys: ["replicas", "recommended", "moves"] },
  ),
  { nil: undefined },
);

/** One look of a course: what it was given, and what it decided. */
interface Taken {
  readonly nowMs: number;
  readonly metrics: readonly MetricReading[];
  readonly before: number;
  readonly decision: ScaleDecision;
}

function read(value: number): MetricReading {
  return { kind: "read", sample: { kind: "total", value } };
}

function follow(
  autoscaling: Autoscaling,
  course: readonly Look[],
  previous?: Scale,
  firstReplicas = 1,
): readonly Taken[] {
  const taken: Taken[] = [];
  let nowMs = 0;
  for (const { afterMs, metrics } of course) {
    nowMs += afterMs;
    const before = taken.at(-1)?.decision.scale ?? previous;
    const decision = decideScale({ autoscaling, metrics, previous: before, firstReplicas, nowMs });
    const { min, max } = autoscaling;
    taken.push({ nowMs, metrics, before: before?.replicas ?? Math.min(Math.max(firstReplicas, min), max), decision });
  }
  return taken;
}

/** What each metric wants within the bounds, told without the code under test; undefined where it is missing. */
function wants({ metrics: queues, min, max, activation }: Autoscaling, metrics: readonly MetricReading[]) {
  return queues.map(({ messagesPerTask: messages }, index) => {
    const value = countIn(metrics[index]);
    if (value === undefined) return undefined;
    return value > activation ? Math.min(Math.max(Math.ceil(value / messages), min), max) : min;
  });
}

/** What the largest metric wants; undefined where one is missing. */
function wanted(autoscaling: Autoscaling, metrics: readonly MetricReading[]): number | undefined {
  const each = wants(autoscaling, metrics);
  return each.includes(undefined) ? undefined : wantedAtLeast(autoscaling, metrics);
}

/** What the largest of those that could be read wants; 0 where none could. */
function wantedAtLeast(autoscaling: Autoscaling, metrics: readonly MetricReading[]): number {
  return Math.max(0, ...wants(autoscaling, metrics).filter((count) => count !== undefined));
}

function countIn(given: MetricReading | undefined): number | undefined {
  return given?.kind === "read" && given.sample.value >= 0 && given.sample.value < Number.POSITIVE_INFINITY
    ? given.sample.value
    : undefined;
}

function isIdle({ metrics: queues, min, activation }: Autoscaling, metrics: readonly MetricReading[]): boolean {
  return min === 0 && queues.every((_, index) => (countIn(metrics[index]) ?? Number.POSITIVE_INFINITY) <= activation);
}

/** What the course had `ms` before a moment; `first` where it had not begun. */
function replicasAt(taken: readonly Taken[], atMs: number, first: number): number {
  return taken.findLast(({ nowMs }) => nowMs <= atMs)?.decision.scale.replicas ?? first;
}

describe("whatever was read and recorded", () => {
  test("the number is whole, and within the bounds", () => {
    assert(
      property(settings, looks, disorder, (autoscaling, course, previous) => {
        for (const { decision } of follow(autoscaling, course, previous)) {
          const { replicas } = decision.scale;
          expect(Number.isInteger(replicas)).toBe(true);
          expect(replicas).toBeGreaterThanOrEqual(autoscaling.min);
          expect(replicas).toBeLessThanOrEqual(autoscaling.max);
        }
      }),
    );
  });

  test("a missing metric takes nothing away, and is told of", () => {
    assert(
      property(settings, looks, disorder, (autoscaling, course, previous) => {
        for (const { before, metrics, decision } of follow(autoscaling, course, previous)) {
          if (wanted(autoscaling, metrics) !== undefined) continue;
          expect(decision.scale.replicas).toBeGreaterThanOrEqual(Math.min(before, autoscaling.max));
          expect(decision.why.kind).toBe("metric missing");
        }
      }),
    );
  });

  test("where all are missing nothing changes, unless it is disorder", () => {
    assert(
      property(settings, looks, (autoscaling, course) => {
        const last = follow(autoscaling, course).at(-1);
        const given = { autoscaling, metrics: [], previous: last?.decision.scale, firstReplicas: 1 };
        const later = decideScale({ ...given, nowMs: (last?.nowMs ?? 0) + 10_000_000 });
        expect(later.scale).toBe(last?.decision.scale);
        expect(later.nextLookMs).toBeUndefined();
      }),
    );
  });

  test("to decide again at the same moment changes nothing", () => {
    assert(
      property(settings, looks, disorder, (autoscaling, course, previous) => {
        for (const { nowMs, metrics, decision } of follow(autoscaling, course, previous)) {
          const again = decideScale({ autoscaling, metrics, previous: decision.scale, firstReplicas: 1, nowMs });
          expect(again).toEqual(decision);
          expect(again.scale).toBe(decision.scale);
        }
      }),
    );
  });

  test("what is remembered stays small", () => {
    assert(
      property(settings, looks, disorder, (autoscaling, course, previous) => {
        for (const { decision } of follow(autoscaling, course, previous)) {
          expect(decision.scale.recommended.length).toBeLessThanOrEqual(
            Math.max(20, previous?.recommended.length ?? 0),
          );
          expect(decision.scale.moves.length).toBeLessThanOrEqual(Math.max(20, previous?.moves.length ?? 0));
        }
      }),
    );
  });

  test("by time alone nothing changes before the next look, and then it does", () => {
    const share = double({ min: 0.001, max: 0.999, noNaN: true });
    assert(
      property(settings, looks, disorder, share, (autoscaling, course, previous, part) => {
        for (const { nowMs, metrics, decision } of follow(autoscaling, course, previous)) {
          const { scale, nextLookMs = Number.POSITIVE_INFINITY } = decision;
          const at = (atMs: number) =>
            decideScale({ autoscaling, metrics, previous: scale, firstReplicas: 1, nowMs: atMs }).scale.replicas;
          const pollMs = nowMs + autoscaling.pollSeconds * 1000;
          expect(nextLookMs).toBeGreaterThan(nowMs);
          expect(at(nowMs + Math.trunc(part * (Math.min(nextLookMs, nowMs + 5_000_000) - nowMs - 1)))).toBe(
            scale.replicas,
          );
          if (nextLookMs === Number.POSITIVE_INFINITY) continue;
          expect(nextLookMs).toBeLessThanOrEqual(pollMs);
          if (nextLookMs < pollMs) expect(at(nextLookMs)).not.toBe(scale.replicas);
        }
      }),
    );
  });
});

describe("over any course", () => {
  test("nothing is taken away within the window of a higher recommendation", () => {
    assert(
      property(settings, looks, integer({ min: 0, max: 60 }), (autoscaling, course, first) => {
        const taken = follow(autoscaling, course, undefined, first);
        for (const [index, { nowMs, before, metrics, decision }] of taken.entries()) {
          const { replicas } = decision.scale;
          if (replicas >= before || (replicas === 0 && isIdle(autoscaling, metrics))) continue;
          const startMs = nowMs - autoscaling.scaleIn.windowSeconds * 1000;
          for (const earlier of taken.slice(0, index).filter((each) => each.nowMs > startMs)) {
            const count = wantedAtLeast(autoscaling, earlier.metrics);
            expect(replicas).toBeGreaterThanOrEqual(Math.min(count, earlier.decision.scale.replicas));
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  test("nothing is added within the window of a lower recommendation, but the first", () => {
    assert(
      property(settings, looks, integer({ min: 0, max: 60 }), (autoscaling, course, first) => {
        const taken = follow(autoscaling, course, undefined, first);
        for (const [index, { nowMs, before, decision }] of taken.entries()) {
          const { replicas } = decision.scale;
          if (replicas <= before || before === 0) continue;
          const startMs = nowMs - autoscaling.scaleOut.windowSeconds * 1000;
          for (const earlier of taken.slice(0, index).filter((each) => each.nowMs > startMs)) {
            const count = wanted(autoscaling, earlier.metrics);
            if (count === undefined) continue;
            expect(replicas).toBeLessThanOrEqual(Math.max(count, earlier.decision.scale.replicas));
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  test("the pace holds over any minute", () => {
    assert(
      property(settings, looks, integer({ min: 0, max: 60 }), (autoscaling, course, given) => {
        const taken = follow(autoscaling, course, undefined, given);
        const { scaleOut, scaleIn } = autoscaling;
        const first = taken[0]?.before ?? 0;
        for (const { nowMs, before, metrics, decision } of taken) {
          const { replicas } = decision.scale;
          const minuteAgo = replicasAt(taken, nowMs - 60_000, first);
          if (replicas > before && scaleOut.percentPerMinute !== undefined)
            expect(replicas - minuteAgo).toBeLessThanOrEqual(
              Math.ceil((minuteAgo * scaleOut.percentPerMinute) / 100) || 1,
            );
          if (
            replicas < before &&
            scaleIn.percentPerMinute !== undefined &&
            !(replicas === 0 && isIdle(autoscaling, metrics))
          )
            expect(minuteAgo - replicas).toBeLessThanOrEqual(Math.ceil((minuteAgo * scaleIn.percentPerMinute) / 100));
        }
      }),
      { numRuns: 300 },
    );
  });

  test("a service has no task only after its whole cooldown without work", () => {
    assert(
      property(settings, looks, integer({ min: 1, max: 60 }), (autoscaling, course, first) => {
        const taken = follow(autoscaling, course, undefined, first);
        for (const [index, { nowMs, before, decision }] of taken.entries()) {
          if (decision.scale.replicas > 0 || before === 0) continue;
          const seen = taken
            .slice(0, index + 1)
            .filter((each) => each.nowMs >= nowMs - autoscaling.cooldownSeconds * 1000);
          for (const { metrics } of seen)
            expect(isIdle(autoscaling, metrics) || wanted(autoscaling, metrics) === undefined).toBe(true);
          expect(nowMs - (decision.scale.idleSinceMs ?? nowMs + 1)).toBeGreaterThanOrEqual(
            autoscaling.cooldownSeconds * 1000,
          );
        }
      }),
      { numRuns: 300 },
    );
  });
});

test("with readings that stay it comes to what is wanted, and then never writes again", () => {
  const values = array(integer({ min: 0, max: 300 }).map(read), { minLength: 3, maxLength: 3 });
  assert(
    property(settings, looks, disorder, values, (autoscaling, course, previous, metrics) => {
      const last = follow(autoscaling, course, previous).at(-1);
      const step = { autoscaling, metrics, firstReplicas: 1 };
      let nowMs = (last?.nowMs ?? 0) + 1;
      let decision = decideScale({ ...step, previous: last?.decision.scale, nowMs });
      for (let look = 0; decision.nextLookMs !== undefined; look += 1) {
        expect(look, "looks until it rests").toBeLessThan(6000);
        nowMs = decision.nextLookMs;
        decision = decideScale({ ...step, previous: decision.scale, nowMs });
      }
      const { replicas } = decision.scale;
      const count = wanted(autoscaling, metrics) ?? Number.NaN;
      const isNear = Math.abs(count - replicas) <= replicas * autoscaling.tolerance + 1;
      expect(replicas === count || (isNear && !isIdle(autoscaling, metrics))).toBe(true);
      for (const laterMs of [1, 60_000, 300_000, 86_400_000])
        expect(decideScale({ ...step, previous: decision.scale, nowMs: nowMs + laterMs })).toEqual(decision);
    }),
  );
});
