import { Fault } from "../../core/model/fault.ts";
import type { Ports } from "../../core/ports/index.ts";
import type { VirtualClock } from "../clock.ts";
import { type CallSite, type Faults, type HandlerName, isMutating } from "./call-site.ts";

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
  readonly status: () => PassStatus;
  /** When a frozen pass goes on. */
  readonly frozenUntilMs: () => number | undefined;
  thaw(): void;
}

export type PassStatus = "running" | "frozen" | "dead" | "done" | "failed";

/** What passes share. */
export interface PassContext {
  readonly ports: Ports;
  readonly clock: VirtualClock;
  readonly faults: Faults;
  /** Waits until it is this pass's turn to call; undefined: at once. */
  turn(pass: number): Promise<void> | undefined;
  /** Numbers the calls of a method by a handler. */
  nextOrdinal(name: string): number;
  /** Told of every call that is made, whatever becomes of it. */
  called(site: CallSite): void;
  /** Told of a call before it is carried out, and of what came of it. */
  before(site: CallSite): void;
  after(site: CallSite, answer: Answer): void;
}

/** What came of a call that was carried out: a value, or what it threw. */
export type Answer =
  | { readonly kind: "value"; readonly value: unknown }
  | { readonly kind: "error"; readonly error: unknown };

interface Inner {
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

/** Starts a pass: its handler runs until its first call that has to wait. */
export function startPass(
  context: PassContext,
  { number, handler, about }: Pick<Pass, "number" | "handler" | "about">,
  work: (ports: Ports) => Promise<void>,
): Pass & { readonly error: () => unknown } {
  const inner: Inner = {
    status: "running",
    error: undefined,
    frozenAtMs: 0,
    frozenUntilMs: undefined,
    stoodStillMs: 0,
    thaw: [],
    park: () => {},
    parked: Promise.resolve(),
  };
  rearm(inner);
  const end = (status: "done" | "failed", error?: unknown) => {
    if (inner.status === "dead") return;
    inner.status = status;
    inner.error = error;
  };
  const ended = work(portsOf(context, inner, { number, handler })).then(
    () => end("done"),
    (error: unknown) => end("failed", error),
  );
  return {
    number,
    handler,
    about,
    ended,
    parked: () => inner.parked,
    status: () => inner.status,
    error: () => inner.error,
    frozenUntilMs: () => inner.frozenUntilMs,
    thaw: () => thaw(context, inner),
  };
}

function rearm(inner: Inner): void {
  inner.parked = new Promise((resolve) => {
    inner.park = resolve;
  });
}

function thaw({ clock }: PassContext, inner: Inner): void {
  if (inner.status !== "frozen") return;
  inner.stoodStillMs += clock.nowMs() - inner.frozenAtMs;
  inner.status = "running";
  inner.frozenUntilMs = undefined;
  rearm(inner);
  for (const go of inner.thaw.splice(0)) go();
}

const never = new Promise<never>(() => {});

function portsOf(context: PassContext, inner: Inner, pass: Pick<Pass, "number" | "handler">): Ports {
  const { ports, clock } = context;
  const wrap = <P extends object>(port: CallSite["port"], methods: P): P =>
    Object.fromEntries(
      Object.entries(methods as Record<string, (...args: readonly unknown[]) => Promise<unknown>>).map(
        ([method, act]) => [
          method,
          (...args: readonly unknown[]) => call(context, inner, { ...pass, port, method, args }, () => act(...args)),
        ],
      ),
    ) as P;
  return {
    ...ports,
    store: wrap("store", ports.store),
    queues: wrap("queues", ports.queues),
    tasks: wrap("tasks", ports.tasks),
    targets: wrap("targets", ports.targets),
    clock: { nowMs: clock.nowMs, monotonicMs: () => clock.monotonicMs() - inner.stoodStillMs },
  };
}

async function call(
  context: PassContext,
  inner: Inner,
  from: Pick<Pass, "number" | "handler"> & Pick<CallSite, "port" | "method" | "args">,
  act: () => Promise<unknown>,
): Promise<unknown> {
  const turn = context.turn(from.number);
  if (turn) await turn;
  await whileFrozen(inner);
  if (inner.status === "dead") return never;
  const { number, handler, port, method, args } = from;
  const ordinal = context.nextOrdinal(`${handler} ${port}.${method}`);
  const atMs = context.clock.nowMs();
  const mutates = isMutating(port, method);
  const site: CallSite = { handler, pass: number, port, method, args, ordinal, mutates, atMs };
  context.called(site);
  const outcome = context.faults(site);
  const carryOut = async () => {
    context.before(site);
    const answer = await answerOf(act);
    context.after(site, answer);
    if (answer.kind === "error") throw answer.error;
    return answer.value;
  };
  if (outcome === "ok") return carryOut();
  return suffer(context, inner, { site, outcome, carryOut });
}

interface Suffering {
  readonly site: CallSite;
  readonly outcome: Exclude<ReturnType<Faults>, "ok">;
  readonly carryOut: () => Promise<unknown>;
}

async function suffer(context: PassContext, inner: Inner, { site, outcome, carryOut }: Suffering): Promise<unknown> {
  const quietly = () => carryOut().catch(() => undefined);
  const lost = () => new Fault("transient", "Timeout", `${site.port}.${site.method} was not answered`);
  switch (outcome) {
    case "not applied":
      throw lost();
    case "answer lost":
      await quietly();
      throw lost();
    case "dies before":
      return die(inner);
    case "dies after":
      await quietly();
      return die(inner);
  }
  switch (outcome.kind) {
    case "freeze": {
      const answer = outcome.applied ? await answerOf(carryOut) : undefined;
      freeze(context, inner, outcome.ms);
      await whileFrozen(inner);
      if (answer?.kind === "error") throw answer.error;
      return answer ? answer.value : carryOut();
    }
    case "fault":
      if (outcome.applied) await quietly();
      throw outcome.fault;
    case "instead": {
      context.before(site);
      const answer = await answerOf(outcome.act);
      context.after(site, answer);
      if (answer.kind === "error") throw answer.error;
      return answer.value;
    }
  }
}

async function answerOf(act: () => Promise<unknown>): Promise<Answer> {
  try {
    return { kind: "value", value: await act() };
  } catch (error) {
    return { kind: "error", error };
  }
}

function die(inner: Inner): Promise<never> {
  inner.status = "dead";
  inner.park();
  return never;
}

function freeze({ clock }: PassContext, inner: Inner, ms: number): void {
  // Another call of the same pass may have been its last meanwhile.
  if (inner.status !== "running") return;
  inner.status = "frozen";
  inner.frozenAtMs = clock.nowMs();
  inner.frozenUntilMs = clock.nowMs() + ms;
  inner.park();
}

async function whileFrozen(inner: Inner): Promise<void> {
  while (inner.status === "frozen") await new Promise<void>((resolve) => inner.thaw.push(resolve));
}
