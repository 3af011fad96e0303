import { type SeededRandom, seededRandom } from "../../../sim/random.ts";
import { drawRates, swarm } from "../../../sim/world/swarm.ts";
import { createWorld, shopWeb, type World } from "../../../sim/world.ts";
import { aRolling, byImage, healthCheck, notYet, progressing, tell, versions } from "./rolling.ts";
import { minute, trafficOf, unfinishedCommands } from "./scenarios.ts";

/** One thing that somebody does, or that happens, in the middle of everything else. */
type Act = (world: World, random: SeededRandom, manifest: (version: string) => object) => void;

const pick = <T>(random: SeededRandom, list: readonly T[]): T | undefined =>
  list[Math.floor(random.fraction() * list.length)];

const acts: readonly Act[] = [
  (world, _, manifest) => void world.apply(manifest("v2")),
  (world, _, manifest) => void world.apply(manifest("v3")),
  (world, _, manifest) => void world.apply(manifest("v1")),
  (world, _, manifest) => void world.apply(manifest("crashes")),
  (world, _, manifest) => void world.apply(manifest("missing")),
  (world, _, manifest) => void world.apply(manifest("unhealthy")),
  (world, random) => void world.scale(shopWeb, Math.floor(random.fraction() * 7)),
  (world) => tell(world, "restart"),
  (world) => tell(world, "rollback"),
  (world) => tell(world, "cancel"),
  (world) => tell(world, "pause", { only: "rollout" }),
  (world) => tell(world, "resume", { only: "rollout" }),
  (world) => tell(world, "pause"),
  (world) => tell(world, "resume"),
  (world) => world.send("pause", { kind: "Namespace", metadata: { name: "shop" } }),
  (world) => world.send("resume", { kind: "Namespace", metadata: { name: "shop" } }),
  (world, random) => world.aws.crash(pick(random, world.truth.live(shopWeb))?.arn ?? ""),
  (world, random) => {
    const gone = pick(random, world.truth.live(shopWeb))?.ec2InstanceId;
    if (gone === undefined) return;
    world.aws.engine.terminateInstance("main", gone);
    world.aws.addNode();
  },
];

/** What a service is like: by the seed with traffic, with a health check, and with other bounds of its rollouts. */
function manifestOf(world: World, seed: number) {
  const bounds = [
    [1, 0],
    ["50%", 0],
    [0, 1],
    [1, 1],
  ][seed % 4] ?? [1, 0];
  return (version: string) =>
    aRolling(version, {
      ...(seed % 3 === 0 ? {} : { "spec.traffic": [trafficOf(world)] }),
      ...(seed % 2 === 0 ? {} : { "spec.task.containers[0].health": healthCheck }),
      "spec.rollout.maxSurge": bounds[0],
      "spec.rollout.maxUnavailable": bounds[1],
      "spec.rollout.minReadySeconds": 2,
      "spec.rollout.onFailure": seed % 5 === 0 ? "pause" : "rollback",
      ...(seed % 11 === 0 ? { "spec.rollout.strategy": "recreate" } : {}),
    });
}

/**
 * Much happens to a service at once while calls fail, passes die and stand still. Then faults cease, somebody resumes what
 * is paused and applies a version that works, then one that crashes.
 *
 * @param mostFaults How often each kind of fault happens to a call at most, 0 to 1.
 * @returns What is not as it should be in the end.
 */
export async function weather(seed: number, mostFaults = 0.02): Promise<readonly string[]> {
  const random = seededRandom(seed + 4_000_003);
  let faulty = false;
  const world = createWorld({
    seed,
    behave: byImage,
    events: ([true, false, "doubled", "shuffled", "doubled and shuffled"] as const)[seed % 5] ?? true,
    deliveries: seed % 3 === 0 ? 2 : 1,
    copies: seed % 7 === 0 ? 2 : 1,
    parallel: 1 + (seed % 3),
    callMs: 2 + (seed % 4) * 10,
    drainsWholeDelay: seed % 2 === 0,
    faults: swarm(seed, drawRates(seed, mostFaults), () => faulty),
  });
  const manifest = manifestOf(world, seed);
  world.apply(manifest("v1"));
  await world.run({ until: () => notYet(world, 3, "v1").length === 0, mostMs: 10 * minute });
  faulty = true;
  for (let count = 4 + (seed % 5); count > 0; count -= 1) {
    pick(random, acts)?.(world, random, manifest);
    await world.run({ mostMs: Math.floor(random.fraction() ** 2 * 3 * minute) });
  }
  faulty = false;
  return clearUp(world, manifest);
}

async function clearUp(world: World, manifest: (version: string) => object): Promise<readonly string[]> {
  // What stands still for ten minutes, and commands whose messages come back late, are over by then.
  await world.run({ mostMs: 15 * minute });
  world.send("resume", { kind: "Namespace", metadata: { name: "shop" } });
  tell(world, "resume");
  tell(world, "resume", { only: "rollout" });
  world.apply(manifest("v9"));
  await world.run({ mostMs: 1_000 });
  const isGood = () => notYet(world, 3, "v9").length === 0 && progressing(world) === "Complete";
  if (!(await world.run({ until: isGood, mostMs: 100 * minute })))
    return ["v9 was not rolled out", ...notYet(world, 3, "v9"), ...conditionsOf(world)];
  world.apply(manifest("crashes"));
  const isOver = () => progressing(world) === "RolledBack" || progressing(world) === "BreakerTripped";
  if (!(await world.run({ until: isOver, mostMs: 60 * minute })))
    return ["crashes did not fail", ...conditionsOf(world)];
  await world.run({ mostMs: 10 * minute });
  const isBack = versions(world).every((version) => version === "v9") && world.serving(shopWeb).length === 3;
  return [...(isBack ? [] : [`${versions(world).join(" ")} run`, ...conditionsOf(world)]), ...undelivered(world)];
}

/** Commands without a result, but for those whose messages were given up: somebody sends them again. */
function undelivered(world: World): readonly string[] {
  const dead = world.queues.dead("commands").length;
  const unfinished = unfinishedCommands(world);
  return unfinished.length > dead ? unfinished : [];
}

function conditionsOf(world: World): readonly string[] {
  return world.service(shopWeb).state?.conditions.map(({ reason, message }) => `${reason}: ${message}`) ?? ["no state"];
}
