import { type CallSite, type Faults, siteName } from "../../../sim/world/call-site.ts";
import type { WorldOptions } from "../../../sim/world/options.ts";
import { createWorld, shopWeb, type World } from "../../../sim/world.ts";
import { aManifestWith } from "../../support/manifests.ts";

export const minute = 60_000;

/** Something that happens to a service, and what is to be true in the end whatever fails on the way. */
export interface Scenario {
  readonly name: string;
  readonly options?: WorldOptions;
  /** It makes many calls: not each of them fails in each way. */
  readonly isLong?: boolean;
  /** Without faults, before. */
  readonly prepare?: (world: World) => Promise<void>;
  readonly act: (world: World) => void | Promise<void>;
  /** What is not as it should be in the end. */
  readonly differs: (world: World) => readonly string[];
}

/** Traffic of the world's target group of instances. */
export function trafficOf(world: World) {
  return { targetGroup: world.aws.targetGroups.instance, container: "app", port: "http", drainSeconds: 10 };
}

/** Without back-off, so that what is lost shows soon. */
export function aWeb(changes: Readonly<Record<string, unknown>> = {}) {
  return aManifestWith({ "spec.replicas": 3, "spec.restart.backoffSeconds": 1, ...changes });
}

const deployed =
  (changes: (world: World) => Readonly<Record<string, unknown>> = () => ({})) =>
  async (world: World) => {
    world.apply(aWeb(changes(world)));
    if (!(await world.run({ until: () => world.isConverged(shopWeb, 3), mostMs: 10 * minute })))
      throw new Error(`it was not deployed: ${world.differences(shopWeb, 3).join(", ")}`);
  };

const withTraffic = (world: World) => ({ "spec.traffic": [trafficOf(world)] });

const has = (replicas: number) => (world: World) => [
  ...world.differences(shopWeb, replicas),
  ...unsettledCommands(world),
];

const is = (replicas: number, image: string) => (world: World) => {
  const images = world.truth.live(shopWeb).flatMap(({ containers }) => containers.map((container) => container.image));
  return [...has(replicas)(world), ...images.filter((each) => each !== image)];
};

/** Commands without a result, and those whose result is not `applied`. */
export function unsettledCommands(world: World): readonly string[] {
  return world.truth.commands().flatMap(({ phase, type }) => (phase === "applied" ? [] : [`${type} is ${phase}`]));
}

/** Commands that have no result yet, whatever it will be. */
export function unfinishedCommands(world: World): readonly string[] {
  return world.truth.commands().flatMap(({ phase, type }) => (phase === "received" ? [`${type} is ${phase}`] : []));
}

export const scenarios: readonly Scenario[] = [
  { name: "a deploy", act: (world) => void world.apply(aWeb()), differs: has(3) },
  {
    name: "a deploy with traffic",
    act: (world) => void world.apply(aWeb(withTraffic(world))),
    differs: has(3),
  },
  {
    name: "a scale-in with traffic",
    prepare: deployed(withTraffic),
    act: (world) => void world.scale(shopWeb, 1),
    differs: has(1),
  },
  {
    name: "a crashed task",
    prepare: deployed(),
    act: (world) => world.aws.crash(world.truth.live(shopWeb)[0]?.arn ?? ""),
    differs: has(3),
  },
  {
    name: "a changed image",
    isLong: true,
    prepare: deployed(),
    act: (world) => void world.apply(aWeb({ "spec.task.containers[0].image": "shop/web:2" })),
    differs: is(3, "shop/web:2"),
  },
  {
    name: "a delete",
    prepare: deployed(withTraffic),
    act: (world) => void world.delete(shopWeb),
    differs: (world) => [...(world.isDeleted(shopWeb) ? [] : ["it is not deleted"]), ...unsettledCommands(world)],
  },
  {
    name: "a delete, and an apply during it",
    prepare: deployed(),
    act: (world) => {
      world.delete(shopWeb);
      world.apply(aWeb({ "spec.replicas": 2 }));
    },
    differs: has(2),
  },
  {
    name: "a terminated instance",
    prepare: deployed(),
    act: (world) => world.aws.engine.terminateInstance("main", world.truth.live(shopWeb)[0]?.ec2InstanceId ?? ""),
    differs: has(3),
  },
];

/** The outcome of one call, and of no other. */
export function onlyAt(name: string, outcome: ReturnType<Faults>, hits: { count: number }): Faults {
  return (site) => {
    if (siteName(site) !== name) return "ok";
    hits.count += 1;
    return outcome;
  };
}

/** Everybody gets every lease at once: they save work, and nothing may lean on them. */
export const withoutLeases: Faults = ({ port, method, args }) => {
  const [item] = args as readonly { readonly sort?: string }[];
  if (port !== "store" || item?.sort !== "lease") return "ok";
  const answers: Readonly<Record<string, unknown>> = { create: { ...item, version: 1 }, remove: true };
  return { kind: "instead", act: async () => answers[method] };
};

export interface Played {
  readonly world: World;
  /** Calls once the scenario had begun. */
  readonly sites: readonly CallSite[];
  readonly differs: readonly string[];
}

/** Plays a scenario: until everything is as it should be, and for a while after that. */
export async function play(scenario: Scenario, options: WorldOptions = {}): Promise<Played> {
  const world = createWorld({ seed: 1, ...scenario.options, ...options });
  await scenario.prepare?.(world);
  await world.run({ mostMs: 1000 });
  const from = world.calls.length;
  await scenario.act(world);
  await world.run({ mostMs: 1000 });
  await world.run({ until: () => scenario.differs(world).length === 0, mostMs: 40 * minute });
  const sites = world.calls.slice(from);
  await world.run({ mostMs: 2 * minute });
  return { world, sites, differs: scenario.differs(world) };
}
