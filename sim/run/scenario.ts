import type { EventDelivery } from "../world/event-messages.ts";
import { drawRates, type FaultRates } from "../world/swarm.ts";
import { type ActName, drawActName } from "./acts.ts";
import { type Drawing, drawing } from "./drawing.ts";
import { type DrawnService, drawServices } from "./drawn-service.ts";
import { drawOutages, type Outage } from "./outages.ts";

/** One thing that somebody does, or that happens, and how long the world goes on before the next. */
export interface DrawnAct {
  readonly act: ActName;
  /** Index of the service that it is about. */
  readonly service: number;
  /** Whatever else it leaves open, 0 to 1: which task, how many replicas. */
  readonly fraction: number;
  readonly thenMs: number;
}

/** Everything that a seed decides before the world begins: plain data, printed with a violation. */
export interface Scenario {
  readonly seed: number;
  readonly services: readonly DrawnService[];
  /** At the start; each has room for 16 tasks, and they go round three zones. */
  readonly nodes: number;
  readonly events: EventDelivery;
  readonly deliveries: 1 | 2;
  readonly parallel: number;
  readonly copies: number;
  readonly callMs: number;
  readonly drainsWholeDelay: boolean;
  /** How often each fault happens to a call. */
  readonly rates: FaultRates;
  readonly outages: readonly Outage[];
  readonly acts: readonly DrawnAct[];
  /** How long nothing may be changed any more once everything has come right. */
  readonly restMs: number;
}

const minute = 60_000;
const eventDeliveries: readonly EventDelivery[] = [true, true, false, "doubled", "shuffled", "doubled and shuffled"];

/** Draws a scenario; the same seed, the same scenario. @param seed any integer */
export function drawScenario(seed: number): Scenario {
  const draw = drawing(seed + 4_000_003);
  const services = drawServices(draw);
  const deliveries = draw.chance(0.3) ? 2 : 1;
  return {
    seed,
    services,
    nodes: draw.between(1, 5),
    events: draw.pick(eventDeliveries),
    deliveries,
    parallel: draw.between(1, 4),
    // Two passes for each of two deliveries would be four for every wake-up: more than passes one at a time get through.
    copies: deliveries === 1 && draw.chance(0.15) ? 2 : 1,
    callMs: draw.pick([2, 12, 22, 32]),
    drainsWholeDelay: draw.chance(0.5),
    rates: drawRates(seed, draw.pick([0, 0.005, 0.02])),
    outages: drawOutages(draw),
    acts: Array.from({ length: draw.between(3, 10) }, () => drawAct(draw, services.length)),
    restMs: draw.between(60, 180) * minute,
  };
}

/** Mostly in quick succession, sometimes long after. */
function drawAct(draw: Drawing, services: number): DrawnAct {
  return {
    act: drawActName(draw),
    service: draw.between(0, services - 1),
    fraction: draw.fraction(),
    thenMs: Math.floor(draw.fraction() ** 2 * 5 * minute),
  };
}
