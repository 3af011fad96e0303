import type { EventDelivery } from "../world/event-messages.ts";
import { swarm } from "../world/swarm.ts";
import { createWorld, type World } from "../world.ts";
import { happen } from "./acts.ts";
import { inOrder } from "./counts.ts";
import { classesOfEvents } from "./fault-classes.ts";
import { byImage } from "./images.ts";
import { letPass } from "./let-pass.ts";
import { type Observer, observer } from "./observer.ts";
import { sufferOutage } from "./outages.ts";
import { type Deployed, deployable, quietTime } from "./quiet-time.ts";
import { drawScenario, type Scenario } from "./scenario.ts";
import { type Story, story } from "./story.ts";

/** What must not have happened, with all that is needed to understand it and to see it again. */
export interface Violation {
  readonly seed: number;
  /** What was broken, by its ids in `docs/invariants.md` where it has any. */
  readonly what: string;
  readonly scenario: Scenario;
  /** What happened last, a line each. */
  readonly trace: readonly string[];
  /** Where our code threw, if it did. */
  readonly stack?: string;
}

/** What one seed came to. */
export interface SeedReport {
  readonly seed: number;
  readonly violation?: Violation;
  /** Equal for equal runs. */
  readonly traceHash: string;
  readonly portCalls: number;
  readonly virtualMs: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly guards: Readonly<Record<string, number>>;
}

/** Lines of a trace that a violation carries. */
const tracedLines = 80;

/** A run as it is played. */
interface Play {
  readonly scenario: Scenario;
  readonly world: World;
  readonly seen: Observer;
  readonly told: Story;
  readonly services: readonly Deployed[];
  /** Faults happen only between the two. */
  faultySinceMs: number | undefined;
}

/** Plays what a seed draws: a first deploy, a time of faults, and a quiet time in which everything must come right. */
export function playSeed(seed: number): Promise<SeedReport> {
  return playScenario(drawScenario(seed));
}

/** Plays a scenario; the same one, the same report. */
export async function playScenario(scenario: Scenario): Promise<SeedReport> {
  const play = begin(scenario);
  const { world, seen, told } = play;
  const beganMs = world.clock.nowMs();
  const found = await foundIn(play);
  const { seed } = scenario;
  const violation = found && { seed, ...found, scenario, trace: told.last(tracedLines) };
  return {
    seed,
    ...(violation ? { violation } : {}),
    traceHash: seen.traceHash(),
    portCalls: world.calls.length,
    virtualMs: world.clock.nowMs() - beganMs,
    faults: inOrder(seen.faults),
    guards: inOrder(seen.guards),
  };
}

function begin(scenario: Scenario): Play {
  const { seed, rates, outages, ...options } = scenario;
  const told = { story: undefined as Story | undefined };
  const seen = observer(scenario, () => told.story as Story);
  const drawn = swarm(seed, rates, () => play.faultySinceMs !== undefined);
  const faults = seen.watched((site) => {
    const { faultySinceMs } = play;
    return (faultySinceMs === undefined ? undefined : sufferOutage(outages, site, faultySinceMs)) ?? drawn(site);
  });
  const world = createWorld({ ...options, seed, behave: byImage, faults, answered: seen.answered });
  const tale = story(world.clock, world.truth.installId);
  told.story = tale;
  watchEvents(world, options.events, seen, tale);
  const services = deployable(world, scenario.services);
  const play: Play = { scenario, world, seen, told: tale, services, faultySinceMs: undefined };
  return play;
}

function watchEvents({ aws }: World, how: EventDelivery, seen: Observer, told: Story): void {
  aws.engine.onEvent((event) => {
    told.event(event);
    for (const fault of classesOfEvents(how)) seen.happened(fault);
  });
}

/** What must not have happened; undefined: nothing. */
async function foundIn(play: Play): Promise<Pick<Violation, "what" | "stack"> | undefined> {
  try {
    await faultyTime(play);
    const [what] = await quietTime(play.world, play.services, play.scenario, play.told);
    return what === undefined ? undefined : { what };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const [what = ""] = error.message.split("\n");
    const isBug = !what.startsWith("seed ");
    return { what: what.replace(/^seed \d+: /, ""), ...(isBug && error.stack ? { stack: error.stack } : {}) };
  }
}

const minute = 60_000;

async function faultyTime(play: Play): Promise<void> {
  const { world, scenario, services, seen, told } = play;
  told.tell(`the world begins, with ${scenario.nodes} nodes`);
  for (const { service, manifest } of services) {
    const { words } = happen("apply v1", { world, service, manifest, fraction: 0 });
    told.tell(words);
  }
  await letPass(world, 2 * minute);
  play.faultySinceMs = world.clock.nowMs();
  told.tell("faults begin");
  for (const { act, service: index, fraction, thenMs } of scenario.acts) {
    const about = services[index];
    if (about === undefined) continue;
    const { words, fault } = happen(act, { world, ...about, fraction });
    told.tell(words);
    if (fault !== undefined) seen.happened(fault);
    await letPass(world, thenMs);
  }
  play.faultySinceMs = undefined;
  told.tell("faults cease");
}
