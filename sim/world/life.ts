import type { Clock } from "../../core/ports/clock.ts";

/** How a pass stands: it runs, stands still for a time, or is over in one of three ways. */
export type PassStatus = "running" | "frozen" | "dead" | "done" | "failed";

/** What a pass and its calls know of how it stands. */
export interface Life {
  status: PassStatus;
  error: unknown;
  frozenAtMs: number;
  frozenUntilMs: number | undefined;
  /** How long it stood still: its monotonic clock did too. */
  stoodStillMs: number;
  thaw: (() => void)[];
  park: () => void;
  parked: Promise<void>;
}

/** The life of a pass that has just begun. */
export function newLife(): Life {
  const life: Life = {
    status: "running",
    error: undefined,
    frozenAtMs: 0,
    frozenUntilMs: undefined,
    stoodStillMs: 0,
    thaw: [],
    park: () => {},
    parked: Promise.resolve(),
  };
  rearm(life);
  return life;
}

/** Never ends: what a caller sees of a process that is gone. */
export const never = new Promise<never>(() => {});

/** It ends here and now. */
export function die(life: Life): Promise<never> {
  life.status = "dead";
  life.park();
  return never;
}

/** It stands still from now on; one that is over stays as it is. */
export function freeze(clock: Pick<Clock, "nowMs">, life: Life, ms: number): void {
  // Another call of the same pass may have been its last meanwhile.
  if (life.status !== "running") return;
  life.status = "frozen";
  life.frozenAtMs = clock.nowMs();
  life.frozenUntilMs = clock.nowMs() + ms;
  life.park();
}

/** It goes on, and so does every call of it that stood still. */
export function thaw(clock: Pick<Clock, "nowMs">, life: Life): void {
  if (life.status !== "frozen") return;
  life.stoodStillMs += clock.nowMs() - life.frozenAtMs;
  life.status = "running";
  life.frozenUntilMs = undefined;
  rearm(life);
  for (const go of life.thaw.splice(0)) go();
}

/** Waits while it stands still. */
export async function whileFrozen(life: Life): Promise<void> {
  while (life.status === "frozen") await new Promise<void>((resolve) => life.thaw.push(resolve));
}

function rearm(life: Life): void {
  life.parked = new Promise((resolve) => {
    life.park = resolve;
  });
}
