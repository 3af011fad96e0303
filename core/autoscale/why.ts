import type { Scale } from "../model/records.ts";
import type { Autoscaling, Pace } from "../model/service.ts";
import { plural } from "../words/plural.ts";
import { isIdle } from "./idle.ts";
import { type Demand, recommend } from "./recommend.ts";

/** Why a service has as many replicas as it has. */
export interface ScaleReason {
  readonly kind: "metric missing" | "cooling down" | "at maximum" | "at minimum" | "following";
  /** For people. It names no backlog and no moment: it changes only when the decision does. */
  readonly message: string;
}

/** What a reason is told from. */
interface Facts {
  readonly replicas: number;
  /** What the metrics that could be read want now. */
  readonly wanted: number;
  /** The metric that decides. At rest it is one of several only by chance, and which one may wobble. */
  readonly by: string;
  /** Metrics that could not be read, and why. */
  readonly missing: readonly string[];
  readonly isAnyRead: boolean;
  readonly isIdle: boolean;
  readonly autoscaling: Autoscaling;
}

interface Row {
  readonly kind: ScaleReason["kind"];
  readonly applies: (facts: Facts) => boolean;
  readonly message: (facts: Facts) => string;
}

/** First match wins. At a bound it counts what is wanted within it: whether more is wanted wobbles. */
const rows: readonly Row[] = [
  {
    kind: "metric missing",
    applies: ({ missing }) => missing.length > 0,
    message: ({ missing, replicas, isAnyRead }) =>
      `cannot read ${missing.join(" and ")}: ${tasks(replicas)}, and ${isAnyRead ? "none is taken away" : "no change"} until that is read`,
  },
  {
    kind: "cooling down",
    applies: (facts) => facts.isIdle && facts.replicas > 0,
    message: ({ replicas, autoscaling }) =>
      `${inactive(autoscaling)}: ${tasks(replicas)} for now, none after ${autoscaling.cooldownSeconds} s of that`,
  },
  {
    kind: "at minimum",
    applies: (facts) => facts.isIdle,
    message: ({ autoscaling }) => `${inactive(autoscaling)}: no task`,
  },
  {
    kind: "at maximum",
    applies: ({ replicas, wanted, autoscaling }) => replicas === wanted && wanted === autoscaling.max,
    message: ({ by, replicas }) => `${by} wants ${tasks(replicas)} or more, and max is ${replicas}`,
  },
  {
    kind: "at minimum",
    applies: ({ replicas, wanted, autoscaling }) => replicas === wanted && wanted === autoscaling.min,
    message: ({ by, replicas }) => `${by} wants ${tasks(replicas)} or fewer, and min is ${replicas}`,
  },
  {
    kind: "following",
    applies: ({ replicas, wanted }) => replicas === wanted,
    message: ({ by, wanted, autoscaling }) => `${by} wants ${tasks(wanted)} (${bounds(autoscaling)})`,
  },
];

/** Windows or the pace are in the way. */
const otherwise: Pick<Row, "kind" | "message"> = {
  kind: "following",
  message: ({ by, wanted, replicas, autoscaling }) => {
    const held =
      wanted > replicas ? `scaleOut ${limits(autoscaling.scaleOut)}` : `scaleIn ${limits(autoscaling.scaleIn)}`;
    return `${by} wants ${tasks(wanted)} (${bounds(autoscaling)}): ${tasks(replicas)} for now, by ${held}`;
  },
};

/** Tells why a service has the replicas that were decided. */
export function explain({ replicas }: Scale, demands: readonly Demand[], autoscaling: Autoscaling): ScaleReason {
  const recommendation = recommend(demands, replicas, autoscaling);
  const wanted = recommendation?.replicas ?? replicas;
  const isOneOfMany = demands.length > 1 && wanted === replicas;
  const facts: Facts = {
    replicas,
    wanted,
    by: isOneOfMany ? "the busiest metric" : (recommendation?.by ?? "no metric"),
    missing: demands.flatMap((demand) => (demand.kind === "missing" ? [`${demand.metric} (${demand.why})`] : [])),
    isAnyRead: recommendation !== undefined,
    isIdle: isIdle(demands, autoscaling),
    autoscaling,
  };
  const { kind, message } = rows.find(({ applies }) => applies(facts)) ?? otherwise;
  return { kind, message: message(facts) };
}

function tasks(count: number): string {
  return plural(count, "task");
}

function bounds({ min, max }: Autoscaling): string {
  return `${min} to ${max} allowed`;
}

function inactive({ activation }: Autoscaling): string {
  return `no metric is above ${activation}`;
}

/** What may hold a change back, as the manifest says it. */
function limits({ windowSeconds, percentPerMinute }: Pace): string {
  const parts = [
    ...(windowSeconds > 0 ? [`over ${windowSeconds} s`] : []),
    ...(percentPerMinute === undefined ? [] : [`${percentPerMinute} % a minute`]),
  ];
  return `(${parts.join(", ")})`;
}
