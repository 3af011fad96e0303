import type { Scale } from "../model/records.ts";
import type { Autoscaling } from "../model/service.ts";
import type { Demand } from "./recommend.ts";

/** Whether any metric shows work. */
export function isActive(demands: readonly Demand[]): boolean {
  return demands.some((demand) => demand.kind === "read" && demand.isActive);
}

/** Whether a metric could not be read. */
export function isBlind(demands: readonly Demand[]): boolean {
  return demands.some(({ kind }) => kind === "missing");
}

/** Whether a service that may have no task is seen to have no work: every metric was read, and none is active. */
export function isIdle(demands: readonly Demand[], { min }: Autoscaling): boolean {
  return min === 0 && !isBlind(demands) && !isActive(demands);
}

/** Since when the service has been idle: work ends that; a metric that cannot be read neither begins nor ends it. */
export function idleSince(
  { idleSinceMs }: Pick<Scale, "idleSinceMs">,
  demands: readonly Demand[],
  autoscaling: Autoscaling,
  nowMs: number,
): number | undefined {
  if (isActive(demands)) return undefined;
  if (isBlind(demands)) return idleSinceMs;
  return isIdle(demands, autoscaling) ? (idleSinceMs ?? nowMs) : undefined;
}

/** When a service that stays idle has no task any more. */
export function cooledAt(idleSinceMs: number, { cooldownSeconds }: Autoscaling): number {
  return idleSinceMs + cooldownSeconds * 1000;
}
