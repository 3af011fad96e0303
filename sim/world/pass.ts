import type { Ports } from "../../core/ports/index.ts";
import type { HandlerName } from "./call-site.ts";
import { type PassContext, portsOf } from "./calls.ts";
import { newLife, type PassStatus, thaw } from "./life.ts";

/** One run of a handler: it may end, fail, die, or be frozen and go on later. */
export interface Pass {
  readonly number: number;
  readonly handler: HandlerName;
  /** What it looks at, for people. */
  readonly about: string;
  /** Ends when the handler does; never for one that died. */
  readonly ended: Promise<void>;
  /** Ends at once when the pass dies or is frozen: whoever runs it need not wait any longer. */
  parked(): Promise<void>;
  status(): PassStatus;
  /** When a frozen pass goes on. */
  frozenUntilMs(): number | undefined;
  /** What it failed with. */
  error(): unknown;
  thaw(): void;
}

/** Starts a pass: its handler runs until its first call that has to wait. */
export function startPass(
  context: PassContext,
  { number, handler, about }: Pick<Pass, "number" | "handler" | "about">,
  work: (ports: Ports) => Promise<void>,
): Pass {
  const life = newLife();
  const end = (status: "done" | "failed", error?: unknown) => {
    if (life.status === "dead") return;
    life.status = status;
    life.error = error;
  };
  const ended = work(portsOf(context, life, { pass: number, handler })).then(
    () => end("done"),
    (error: unknown) => end("failed", error),
  );
  return {
    number,
    handler,
    about,
    ended,
    parked: () => life.parked,
    status: () => life.status,
    error: () => life.error,
    frozenUntilMs: () => life.frozenUntilMs,
    thaw: () => thaw(context.clock, life),
  };
}
