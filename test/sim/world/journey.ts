import { indicesOf } from "../../../core/model/slots.ts";
import type { WorldOptions } from "../../../sim/world/options.ts";
import { createWorld, shopWeb, type World } from "../../../sim/world.ts";
import { aRolling, byImage, complete, progressing, serving, versions, withTraffic } from "./rolling.ts";
import { minute, unsettledCommands } from "./scenarios.ts";

/** What a service has come to, without what is drawn or depends on when it was seen. */
export interface Outcome {
  readonly versions: readonly string[];
  readonly serving: number;
  readonly plan: object;
  readonly stable: string | undefined;
  readonly failure: object | undefined;
  readonly conditions: readonly string[];
  readonly commands: readonly string[];
}

/** A version is rolled out, one that crashes is rolled back, and the service is scaled: each once the one before has ended. */
export async function travel(options: WorldOptions): Promise<Outcome> {
  const world = createWorld({ behave: byImage, ...options });
  const manifest = (version: string) =>
    aRolling(version, {
      ...withTraffic(world),
      "spec.rollout.minReadySeconds": 2,
      "spec.rollout.breaker": { failures: 2 },
    });
  world.apply(manifest("v1"));
  await complete(world, 3, "v1");
  world.apply(manifest("v2"));
  await complete(world, 3, "v2", 60 * minute);
  world.apply(manifest("crashes"));
  const isOver = () => progressing(world) === "RolledBack";
  if (!(await world.run({ until: isOver, mostMs: 60 * minute })))
    throw new Error(`not rolled back: ${world.trace(20)}`);
  world.scale(shopWeb, 5);
  await complete(world, 5, "v2", 60 * minute);
  await world.run({ mostMs: 7 * minute });
  return outcomeOf(world);
}

/** What is to be the same, however events come. */
function outcomeOf(world: World): Outcome {
  const { state } = world.service(shopWeb);
  return {
    versions: versions(world),
    serving: serving(world),
    plan: {
      sets: state?.plan.sets.map(({ revision, slots }) => [revision, indicesOf(slots).length]),
      maxLive: state?.plan.maxLive,
      barred: state?.plan.barred,
    },
    stable: state?.stable,
    failure: state?.rollout?.failure && { ...state.rollout.failure, atMs: 0 },
    conditions:
      state?.conditions.map(({ type, status, reason, message }) => `${type} ${status} ${reason}: ${message}`) ?? [],
    commands: unsettledCommands(world),
  };
}
