import type { Fault } from "../../core/model/fault.ts";

/** One for each function that is deployed. */
export type HandlerName = "accept" | "observe" | "reconcile" | "dispatch" | "sweep";
type PortName = "store" | "queues" | "tasks" | "targets" | "metrics";

/** One call of one port by one pass of a handler. */
export interface CallSite {
  readonly handler: HandlerName;
  /** Which pass: a number that no other has. */
  readonly pass: number;
  readonly port: PortName;
  readonly method: string;
  readonly args: readonly unknown[];
  /** Which call of this method by this handler it is in the whole run, from 1. */
  readonly ordinal: number;
  /** Whether it may change anything outside the pass. */
  readonly mutates: boolean;
  readonly atMs: number;
}

/**
 * What becomes of a call. `not applied` and `answer lost` fail for the caller; `dies before` and `dies after` end the pass
 * there and then; a frozen pass goes on later, when the world has gone on without it.
 */
export type Outcome =
  | "ok"
  | "not applied"
  | "answer lost"
  | "dies before"
  | "dies after"
  | { readonly kind: "freeze"; readonly ms: number; readonly applied: boolean }
  /** Fails with this fault. `applied`: only after it was carried out. */
  | { readonly kind: "fault"; readonly fault: Fault; readonly applied?: boolean }
  /** Is carried out by this function instead. */
  | { readonly kind: "instead"; readonly act: () => Promise<unknown> };

/** Says what becomes of each call; has to say the same for the same run. */
export type Faults = (site: CallSite) => Outcome;

const mutating: ReadonlySet<string> = new Set([
  "store.create",
  "store.swap",
  "store.remove",
  "store.take",
  "store.halve",
  "queues.wake",
  "queues.report",
  "tasks.run",
  "tasks.stop",
  "tasks.define",
  "targets.register",
  "targets.deregister",
]);

/** Whether a method of a port may change anything. */
export function isMutating(port: string, method: string): boolean {
  return mutating.has(`${port}.${method}`);
}

/** `reconcile store.swap #3`: names a call site, the same in every run that is the same up to it. */
export function siteName({ handler, port, method, ordinal }: CallSite): string {
  return `${handler} ${port}.${method} #${ordinal}`;
}
