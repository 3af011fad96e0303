import type { ConditionType } from "../../../core/model/conditions.ts";
import { byImage } from "../../../sim/run/images.ts";
import type { WorldOptions } from "../../../sim/world/options.ts";
import { createWorld, shopWeb, type World } from "../../../sim/world.ts";
import { aWeb, minute, trafficOf } from "./scenarios.ts";

type Changes = Readonly<Record<string, unknown>>;

const image = "spec.task.containers[0].image";
export const healthCheck = { command: ["CMD", "true"], intervalSeconds: 5, timeoutSeconds: 2, retries: 3 };

/** One task above those wanted, none below, unless told otherwise. */
export function aRolling(version: string, changes: Changes = {}) {
  return aWeb({
    [image]: `shop/web:${version}`,
    "spec.rollout.maxSurge": 1,
    "spec.rollout.maxUnavailable": 0,
    ...changes,
  });
}

export { byImage };

/** A world where `shop/web` runs revision `v1`, and what it is applied with again for other versions. */
export async function running(
  replicas: number,
  changes: (world: World) => Changes = () => ({}),
  options: WorldOptions = {},
): Promise<{ readonly world: World; readonly manifest: (version: string, more?: Changes) => object }> {
  const world = createWorld({ behave: byImage, drainsWholeDelay: true, ...options });
  const manifest = (version: string, more: Changes = {}) =>
    aRolling(version, { "spec.replicas": replicas, ...changes(world), ...more });
  world.apply(manifest("v1"));
  await complete(world, replicas, "v1");
  return { world, manifest };
}

export const withTraffic = (world: World): Changes => ({ "spec.traffic": [trafficOf(world)] });

/** Runs until that many tasks of a version serve and everything is at rest; says what differs if not. */
export async function complete(world: World, replicas: number, version: string, mostMs = 20 * minute): Promise<void> {
  await world.run({ mostMs: 500 });
  await world.run({ until: () => notYet(world, replicas, version).length === 0, mostMs });
  const left = notYet(world, replicas, version);
  if (left.length > 0) throw new Error(`${version} is not complete: ${left.join(", ")}\n${told(world)}`);
}

/** What keeps a service from running so many tasks of a version, and nothing else. */
export function notYet(world: World, replicas: number, version: string): readonly string[] {
  const others = versions(world).filter((each) => each !== version);
  return [...world.differences(shopWeb, replicas), ...others.map((each) => `a task runs ${each}`)];
}

/** The tags of the images of all live tasks. */
export function versions(world: World): readonly string[] {
  return world.truth
    .live(shopWeb)
    .flatMap(({ containers }) => containers.map(({ image: name }) => name.split(":")[1] ?? ""))
    .toSorted();
}

export const serving = (world: World) => world.serving(shopWeb).length;

/** Sends a command that names the service. */
export function tell(world: World, type: string, more: Changes = {}): void {
  world.send(type, { kind: "Service", metadata: { namespace: "shop", name: "web" }, ...more });
}

export function condition(world: World, type: ConditionType) {
  return world.service(shopWeb).state?.conditions.find((each) => each.type === type);
}

export const progressing = (world: World) => condition(world, "Progressing")?.reason;
export const failure = (world: World) => world.service(shopWeb).state?.rollout?.failure;

function told(world: World): string {
  return (world.service(shopWeb).state?.conditions ?? [])
    .map(({ type, status, reason, message }) => `${type} ${status} ${reason}: ${message}`)
    .join("\n");
}

/** The fewest tasks that served and the most that lived while something went on, by the truth at every step. */
export interface Extremes {
  readonly fewestServing: number;
  readonly mostLive: number;
  readonly tookMs: number;
}

/** Runs until something is so, and looks at the service at every step. */
export async function extremes(world: World, until: () => boolean, mostMs = 20 * minute): Promise<Extremes> {
  let fewestServing = Number.POSITIVE_INFINITY;
  let mostLive = 0;
  const startMs = world.clock.nowMs();
  const reached = await world.run({
    until: () => {
      fewestServing = Math.min(fewestServing, serving(world));
      mostLive = Math.max(mostLive, world.truth.live(shopWeb).length);
      return until();
    },
    mostMs,
  });
  if (!reached) throw new Error(`it did not come about: ${told(world)}`);
  return { fewestServing, mostLive, tookMs: world.clock.nowMs() - startMs };
}
