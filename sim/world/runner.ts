import { invariant, isFault } from "../../core/model/fault.ts";
import type { Ports } from "../../core/ports/index.ts";
import type { Trouble } from "../../core/trouble/trouble.ts";
import type { VirtualClock } from "../clock.ts";
import type { MemoryQueues, QueueName } from "../queues.ts";
import type { SeededRandom } from "../random.ts";
import type { SimulatedAws } from "./aws.ts";
import { type CallSite, siteName } from "./call-site.ts";
import type { Watch } from "./invariants.ts";
import { type Job, sweepingWith, takeJobs } from "./jobs.ts";
import type { WorldOptions } from "./options.ts";
import { type Pass, startPass } from "./pass.ts";

const queueNames: readonly QueueName[] = ["commands", "observations", "work", "dispatch"];
const sweepMs = 60_000;
/** Calls within a virtual minute. */
const defaultMostCalls = 60_000;
const mostStalls = 1_000;

type Wanted = "seed" | "faults" | "parallel" | "copies" | "callMs" | "around" | "answered" | "mostCallsAMinute";

interface RunnerOptions extends Pick<WorldOptions, Wanted> {
  readonly ports: Ports;
  readonly clock: VirtualClock;
  readonly queues: MemoryQueues;
  readonly aws: SimulatedAws;
  readonly watch: Watch;
  readonly chance: SeededRandom;
  /** Told of what each sweep that found any found of trouble. */
  readonly troubled: (troubles: readonly Trouble[]) => void;
}

/** A pass and what it is for. */
interface Running {
  readonly pass: Pass;
  readonly job: Job;
}

interface Turn {
  readonly pass: number;
  readonly grant: () => void;
}

/** What runs, what waits, and what was called. */
interface State {
  readonly options: RunnerOptions;
  readonly sweeping: Job;
  readonly calls: CallSite[];
  readonly ordinals: Map<string, number>;
  /** Passes that have not ended; frozen ones too. */
  readonly running: Map<number, Running>;
  readonly ready: Job[];
  readonly turns: Turn[];
  passes: number;
  nextSweepMs: number;
  /** Calls by the start of this virtual minute. */
  minuteMs: number;
  callsBefore: number;
  /** How often in a row no time could pass. */
  stalls: number;
}

/** Runs a world: `run` answers whether `until` came true by the end; `trace` shows the last calls. */
export interface Runner {
  readonly calls: readonly CallSite[];
  run(endMs: number, until?: () => boolean): Promise<boolean>;
  trace(last?: number): string;
}

/**
 * Calls the handlers as Lambda would: for the messages that are due, and the sweep each minute; when nothing can run,
 * time goes on to the next moment at which something is due.
 */
export function runner(options: RunnerOptions): Runner {
  const nowMs = options.clock.nowMs();
  const state: State = {
    options,
    sweeping: sweepingWith(options.troubled),
    calls: [],
    ordinals: new Map(),
    running: new Map(),
    ready: [],
    turns: [],
    passes: 0,
    nextSweepMs: nowMs + sweepMs,
    minuteMs: nowMs,
    callsBefore: 0,
    stalls: 0,
  };
  return {
    calls: state.calls,
    trace: (last = 60) => traceOf(state.calls, last, nowMs),
    run: async (endMs, until) => {
      for (;;) {
        check(state);
        if (until?.()) return true;
        if (await step(state)) continue;
        if (!passTime(state, endMs)) return until === undefined;
      }
    },
  };
}

/** One step: false when nothing can run now. */
async function step(state: State): Promise<boolean> {
  const { parallel = 1, copies = 1, clock } = state.options;
  for (const { pass } of state.running.values())
    if ((pass.frozenUntilMs() ?? Number.POSITIVE_INFINITY) <= clock.nowMs()) {
      pass.thaw();
      await follow(state, pass.number);
      return true;
    }
  const active = [...state.running.values()].filter(({ pass }) => pass.status() === "running").length;
  const mayStart = active < Math.max(parallel, copies);
  const job =
    mayStart && (state.turns.length === 0 || state.options.chance.fraction() < 0.3) ? nextJob(state) : undefined;
  if (job) {
    for (let copy = 0; copy < copies; copy += 1) await start(state, job);
    return true;
  }
  return grantTurn(state);
}

/** The next thing to do: of what was taken already, of a queue, or the sweep. */
function nextJob(state: State): Job | undefined {
  const { queues, clock } = state.options;
  for (const queue of queueNames) {
    if (state.ready.length > 0) break;
    state.ready.push(...takeJobs(queues, queue));
  }
  const job = state.ready.shift();
  if (job !== undefined || clock.nowMs() < state.nextSweepMs) return job;
  state.nextSweepMs += sweepMs;
  return state.sweeping;
}

async function start(state: State, job: Job): Promise<void> {
  const { ports, clock, faults = () => "ok", watch, around = (_, work) => work } = state.options;
  state.passes += 1;
  const number = state.passes;
  const context = {
    ports,
    clock,
    faults,
    turn: (pass: number) => turnOf(state, pass),
    nextOrdinal: (name: string) => {
      const ordinal = (state.ordinals.get(name) ?? 0) + 1;
      state.ordinals.set(name, ordinal);
      return ordinal;
    },
    called: (site: CallSite) => void state.calls.push(site),
    before: watch.before,
    after: (site: CallSite, answer: Parameters<Watch["after"]>[1]) => {
      watch.after(site, answer);
      state.options.answered?.(site, answer);
      elapse(state);
    },
  };
  const pass = startPass(context, { number, handler: job.handler, about: job.about }, around(job.handler, job.work));
  state.running.set(number, { pass, job });
  await follow(state, number);
}

/** A call took its time, in which AWS went on. */
function elapse({ options: { clock, aws, callMs = 2 } }: State): void {
  if (callMs === 0) return;
  clock.advance(callMs);
  if (aws.nextDueMs() <= clock.nowMs()) aws.advance();
}

function isInterleaved({ options: { parallel = 1, copies = 1 } }: State): boolean {
  return parallel > 1 || copies > 1;
}

/** Passes that run one after another never wait for a turn. */
function turnOf(state: State, pass: number): Promise<void> | undefined {
  if (!isInterleaved(state)) return undefined;
  return new Promise((resolve) => state.turns.push({ pass, grant: resolve }));
}

async function grantTurn(state: State): Promise<boolean> {
  if (state.turns.length === 0) return false;
  const passes = [...new Set(state.turns.map(({ pass }) => pass))];
  const chosen = passes[Math.floor(state.options.chance.fraction() * passes.length)];
  const index = state.turns.findIndex(({ pass }) => pass === chosen);
  const [turn] = state.turns.splice(index, 1);
  turn?.grant();
  await follow(state, turn?.pass ?? 0);
  return true;
}

/** Waits until a pass cannot go on by itself, and closes it if it has ended. */
async function follow(state: State, number: number): Promise<void> {
  const pass = state.running.get(number)?.pass;
  if (isInterleaved(state)) await new Promise((resolve) => setImmediate(resolve));
  else if (pass) await Promise.race([pass.ended, pass.parked()]);
  for (const each of [...state.running.values()]) close(state, each);
}

function close(state: State, { pass, job }: Running): void {
  if (pass.status() === "running" || pass.status() === "frozen") return;
  state.running.delete(pass.number);
  if (pass.status() === "dead") {
    const waiting = state.turns.filter((turn) => turn.pass !== pass.number);
    state.turns.splice(0, state.turns.length, ...waiting);
  }
  if (pass.status() === "failed") rethrowBug(pass);
  if (pass.status() === "done" && job.queue)
    for (const receipt of job.receipts) state.options.queues.remove(job.queue, receipt);
}

/** Faults return the message to its queue; anything else is a bug. */
function rethrowBug(pass: Pass): void {
  const error = pass.error();
  if (!isFault(error)) throw error;
}

/** Goes on to the next moment at which something is due; false: that lies beyond the end. */
function passTime(state: State, endMs: number): boolean {
  const { clock, queues, aws } = state.options;
  const thaws = [...state.running.values()].flatMap(({ pass }) => pass.frozenUntilMs() ?? []);
  const nextMs = Math.min(queues.nextDueMs() ?? Number.POSITIVE_INFINITY, aws.nextDueMs(), state.nextSweepMs, ...thaws);
  if (nextMs > endMs) {
    clock.set(Math.max(endMs, clock.nowMs()));
    return false;
  }
  // Calls that a failed pass left behind may have taken time: then something is due that was not a moment ago.
  state.stalls = nextMs > clock.nowMs() ? 0 : state.stalls + 1;
  invariant(state.stalls < mostStalls, `something is due at ${nextMs}, and nothing can run`);
  clock.set(Math.max(nextMs, clock.nowMs()));
  aws.advance();
  return true;
}

function check(state: State): void {
  const { watch, clock, seed = 1, mostCallsAMinute = defaultMostCalls } = state.options;
  const [violation] = watch.violations;
  const nowMs = clock.nowMs();
  if (nowMs >= state.minuteMs + 60_000) {
    state.minuteMs = nowMs;
    state.callsBefore = state.calls.length;
  }
  const circling = state.calls.length - state.callsBefore > mostCallsAMinute;
  const found = violation ?? (circling ? `more than ${mostCallsAMinute} calls within a minute` : undefined);
  if (found === undefined) return;
  throw new Error(`seed ${seed}: ${found}\n${traceOf(state.calls, 60, state.calls[0]?.atMs ?? 0)}`);
}

function traceOf(calls: readonly CallSite[], last: number, startMs: number): string {
  return calls
    .slice(-last)
    .map((site) => {
      const args = JSON.stringify(site.args)?.slice(0, 160);
      return `${((site.atMs - startMs) / 1000).toFixed(3)} pass ${site.pass} ${siteName(site)} ${args}`;
    })
    .join("\n");
}
