import { Fault } from "../../core/model/fault.ts";
import type { Ports } from "../../core/ports/index.ts";
import type { VirtualClock } from "../clock.ts";
import { type CallSite, type Faults, isMutating, type Outcome } from "./call-site.ts";
import { die, freeze, type Life, never, whileFrozen } from "./life.ts";

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

/** The ports as one pass sees them: each call may fail, lose its answer, be the last of the pass, or stand still. */
export function portsOf(context: PassContext, life: Life, pass: Pick<CallSite, "pass" | "handler">): Ports {
  const { ports, clock } = context;
  const wrap = <P extends object>(port: CallSite["port"], methods: P): P =>
    Object.fromEntries(
      Object.entries(methods as Record<string, (...args: readonly unknown[]) => Promise<unknown>>).map(
        ([method, act]) => [
          method,
          (...args: readonly unknown[]) => call(context, life, { ...pass, port, method, args }, () => act(...args)),
        ],
      ),
    ) as P;
  return {
    ...ports,
    store: wrap("store", ports.store),
    queues: wrap("queues", ports.queues),
    tasks: wrap("tasks", ports.tasks),
    targets: wrap("targets", ports.targets),
    metrics: wrap("metrics", ports.metrics),
    clock: { nowMs: clock.nowMs, monotonicMs: () => clock.monotonicMs() - life.stoodStillMs },
  };
}

async function call(
  context: PassContext,
  life: Life,
  from: Pick<CallSite, "pass" | "handler"> & Pick<CallSite, "port" | "method" | "args">,
  act: () => Promise<unknown>,
): Promise<unknown> {
  const turn = context.turn(from.pass);
  if (turn) await turn;
  await whileFrozen(life);
  if (life.status === "dead") return never;
  const { pass, handler, port, method, args } = from;
  const ordinal = context.nextOrdinal(`${handler} ${port}.${method}`);
  const atMs = context.clock.nowMs();
  const mutates = isMutating(port, method);
  const site: CallSite = { handler, pass, port, method, args, ordinal, mutates, atMs };
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
  return suffer(context, life, { site, outcome, carryOut });
}

interface Suffering {
  readonly site: CallSite;
  readonly outcome: Exclude<Outcome, "ok">;
  readonly carryOut: () => Promise<unknown>;
}

async function suffer(context: PassContext, life: Life, { site, outcome, carryOut }: Suffering): Promise<unknown> {
  const quietly = () => carryOut().catch(() => undefined);
  const lost = () => new Fault("transient", "Timeout", `${site.port}.${site.method} was not answered`);
  switch (outcome) {
    case "not applied":
      throw lost();
    case "answer lost":
      await quietly();
      throw lost();
    case "dies before":
      return die(life);
    case "dies after":
      await quietly();
      return die(life);
  }
  switch (outcome.kind) {
    case "freeze": {
      const answer = outcome.applied ? await answerOf(carryOut) : undefined;
      freeze(context.clock, life, outcome.ms);
      await whileFrozen(life);
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
