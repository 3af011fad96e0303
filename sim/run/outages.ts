import { Fault } from "../../core/model/fault.ts";
import type { CallSite, Outcome } from "../world/call-site.ts";
import type { Drawing } from "./drawing.ts";

/** A time in which every call of one port fails. */
export interface Outage {
  readonly port: "store" | "tasks" | "targets";
  /** `down`: not answered, and nothing is done; `denied`: the permission to change anything is gone. */
  readonly kind: "down" | "denied";
  /** After the begin of the faults. */
  readonly afterMs: number;
  readonly forMs: number;
}

const minute = 60_000;

/** None in most seeds; up to an hour long, and most much shorter. */
export function drawOutages(draw: Drawing): readonly Outage[] {
  return (["store", "tasks", "targets"] as const).flatMap((port) => {
    if (!draw.chance(0.15)) return [];
    const kind = port !== "store" && draw.chance(0.3) ? "denied" : "down";
    const afterMs = draw.between(0, 15) * minute;
    return [{ port, kind, afterMs, forMs: Math.floor(minute * 60 ** draw.fraction()) }];
  });
}

/**
 * What an outage makes of a call; undefined: nothing.
 *
 * @param sinceMs When the faults began, by the clock that stamps calls.
 */
export function sufferOutage(outages: readonly Outage[], site: CallSite, sinceMs: number): Outcome | undefined {
  const passedMs = site.atMs - sinceMs;
  const found = outages.find(
    ({ port, afterMs, forMs }) => port === site.port && passedMs >= afterMs && passedMs < afterMs + forMs,
  );
  if (found === undefined) return undefined;
  if (found.kind === "down") return { kind: "fault", fault: unavailable(site) };
  return site.mutates ? { kind: "fault", fault: denied(site) } : undefined;
}

/** What every call of a port that is down fails with. */
export const unavailableCode = "ServiceUnavailable";

function unavailable({ port, method }: CallSite): Fault {
  return new Fault("transient", unavailableCode, `${port}.${method} was not answered`);
}

function denied({ port, method }: CallSite): Fault {
  return new Fault("terminal", "AccessDeniedException", `not authorized to perform: ${port}.${method}`);
}
