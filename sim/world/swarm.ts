import { Fault } from "../../core/model/fault.ts";
import { seededRandom } from "../random.ts";
import type { CallSite, Faults, Outcome } from "./call-site.ts";

/** How often each kind of fault happens to a call, 0 to 1. */
export type FaultRates = Readonly<Record<FaultKind, number>>;

const kinds = [
  "not applied",
  "answer lost",
  "dies before",
  "dies after",
  "frozen before",
  "frozen after",
  "throttled",
] as const;
type FaultKind = (typeof kinds)[number];

/** Each kind is off for about half of all seeds, and comes at a rate of its own where it is on: never only all at once. */
export function drawRates(seed: number, most = 0.02): FaultRates {
  const random = seededRandom(seed);
  const rates = kinds.map((kind) => [kind, random.fraction() < 0.5 ? 0 : random.fraction() * most] as const);
  return Object.fromEntries(rates) as FaultRates;
}

/**
 * Faults as a seed draws them. Freezes last 1 s to 10 min, calls of AWS 5 s at most: long enough for leases, deadlines and visibility timeouts to
 * pass meanwhile.
 *
 * @param isOn Faults happen only while this is so: for the time after, in which everything has to come right.
 */
export function swarm(seed: number, rates: FaultRates, isOn: () => boolean): Faults {
  const random = seededRandom(seed + 3_000_003);
  return (site) => {
    if (!isOn()) return "ok";
    let drawn = random.fraction();
    for (const kind of kinds) {
      drawn -= rates[kind];
      if (drawn < 0) return outcomeOf(kind, site, random.fraction());
    }
    return "ok";
  };
}

function outcomeOf(kind: FaultKind, { port }: CallSite, fraction: number): Outcome {
  // A call of AWS is given up after 5 s, so it does not take effect later than that.
  const ms = Math.round(1_000 * (port === "tasks" || port === "targets" ? 5 : 600) ** fraction);
  switch (kind) {
    case "frozen before":
      return { kind: "freeze", ms, applied: false };
    case "frozen after":
      return { kind: "freeze", ms, applied: true };
    case "throttled":
      return port === "tasks" || port === "targets" ? { kind: "fault", fault: throttled() } : "ok";
    default:
      return kind;
  }
}

function throttled(): Fault {
  return new Fault("transient", "ThrottlingException", "Rate exceeded", { throttled: true });
}
