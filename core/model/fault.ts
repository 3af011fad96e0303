import type { TaskId } from "./ids.ts";

/**
 * What a failed dependency means for the caller:
 * - `conflict`: somebody else wrote first; read again.
 * - `transient`: throttled, timed out or broken on their side; the outcome of a mutating call is unknown unless `throttled`.
 * - `terminal`: refused for a reason that trying again does not change; nothing was applied.
 */
export type FaultKind = "conflict" | "transient" | "terminal";

/** A dependency that failed, translated once by its adapter; core and steps see no other kind of error from a port. */
export class Fault extends Error {
  readonly kind: FaultKind;
  /** The dependency's own name for it, such as `ThrottlingException`. */
  readonly code: string;
  /** Refused for its rate before anything was done. */
  readonly throttled: boolean;
  /** Tasks that a RunTask with the same token and other parameters started (ECS's `resourceIds`). */
  readonly taskIds: readonly TaskId[];

  constructor(
    kind: FaultKind,
    code: string,
    message: string,
    options: { readonly throttled?: boolean; readonly taskIds?: readonly TaskId[]; readonly cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = "Fault";
    this.kind = kind;
    this.code = code;
    this.throttled = options.throttled ?? false;
    this.taskIds = options.taskIds ?? [];
  }
}

/** Whether an error is a fault of that kind. */
export function isFault(error: unknown, kind?: FaultKind): error is Fault {
  return error instanceof Fault && (kind === undefined || error.kind === kind);
}

/** Throws when something is false that our own code makes true: a bug of ours, never the user's. */
export function invariant(holds: boolean, message: string): asserts holds {
  if (!holds) throw new Error(`broken invariant: ${message}`);
}
