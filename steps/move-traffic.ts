import { isFault } from "../core/model/fault.ts";
import type { ServiceKey } from "../core/model/ids.ts";
import type { Ports } from "../core/ports/index.ts";
import type { TrafficChange } from "../core/reconcile/traffic.ts";
import { heedThrottle, takeBudget } from "./budget.ts";
import type { Stopwatch } from "./stopwatch.ts";

/** What one service has to tell its target groups. */
export interface Moving {
  readonly key: ServiceKey;
  readonly changes: readonly TrafficChange[];
  readonly stopwatch: Stopwatch;
}

/**
 * Registers and deregisters targets, leaving first. What the budget refuses, or what is no longer fresh, the next look
 * asks again.
 */
export async function moveTraffic(ports: Ports, { key, changes, stopwatch }: Moving): Promise<void> {
  for (const change of changes)
    for (const move of ["deregister", "register"] as const)
      if (change[move].length > 0 && (await takeRegistration(ports)) && stopwatch.isFresh())
        await tryToMove(ports, key, change, move);
}

/** What fails is asked again at the next look. The log tells what was refused for good, such as a target too many for a group. */
async function tryToMove(
  ports: Ports,
  service: ServiceKey,
  { targetGroup, ...targets }: TrafficChange,
  move: "register" | "deregister",
): Promise<void> {
  try {
    await ports.targets[move](targetGroup, targets[move]);
  } catch (error) {
    await heedThrottle(ports, "elb-registrations", error);
    if (!isFault(error)) throw error;
    if (error.kind !== "terminal") return;
    const message = `ELB refused to ${move} targets`;
    const facts = { targetGroup, targets: targets[move].length, reason: error.message };
    ports.log.write({ level: "warn", message, service, ...facts });
  }
}

function takeRegistration(ports: Ports): Promise<boolean> {
  return takeBudget(ports, "elb-registrations", "replace", 1);
}
