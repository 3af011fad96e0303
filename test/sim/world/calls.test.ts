import { describe, expect, test } from "vitest";
import { Fault } from "../../../core/model/fault.ts";
import type { TaskId } from "../../../core/model/ids.ts";
import { groupOf } from "../../../core/model/names.ts";
import type { RunTaskInput } from "../../../core/model/records.ts";
import type { RunAnswer } from "../../../core/ports/tasks.ts";
import type { CallSite, Faults } from "../../../sim/world/call-site.ts";
import type { WorldOptions } from "../../../sim/world/options.ts";
import { taskIdOf } from "../../../sim/world/truth.ts";
import { createWorld, shopWeb, type World } from "../../../sim/world.ts";
import { testSoon } from "../../support/soon.ts";
import { aWeb, minute, trafficOf, withoutLeases } from "./scenarios.ts";

/** What becomes of RunTask's calls, by which one it is. */
const runs =
  (outcomeOf: (ordinal: number, site: CallSite) => ReturnType<Faults>): Faults =>
  (site) =>
    site.method === "run" ? outcomeOf(site.ordinal, site) : "ok";

const lost = (applied: boolean): ReturnType<Faults> => ({
  kind: "fault",
  fault: new Fault("transient", "Timeout", "no answer"),
  applied,
});
const throttled: ReturnType<Faults> = {
  kind: "fault",
  fault: new Fault("transient", "ThrottlingException", "Rate exceeded", { throttled: true }),
};

async function deploys(options: WorldOptions, mostMs = 15 * minute): Promise<World> {
  const world = createWorld(options);
  world.apply(aWeb());
  await world.run({ until: () => world.isConverged(shopWeb, 3), mostMs });
  await world.run({ mostMs: 3 * minute });
  expect(world.differences(shopWeb, 3)).toEqual([]);
  return world;
}

const sent = (world: World) =>
  world.calls.filter(({ method }) => method === "run").map(({ args }) => args[0] as RunTaskInput);

describe("a start whose answer is lost", () => {
  test.for([true, false])("is sent again, the same bytes, and starts nothing twice (applied: %s)", async (applied) => {
    const world = await deploys({ events: false, faults: runs((ordinal) => (ordinal === 1 ? lost(applied) : "ok")) });
    const [first, again] = sent(world);
    expect(again).toEqual(first);
    expect(world.tasks()).toHaveLength(3);
  });

  testSoon("is answered by its tasks' events before it is sent again", async () => {
    const world = await deploys({ events: true, faults: runs((ordinal) => (ordinal === 1 ? lost(true) : "ok")) });
    expect(new Set(sent(world).map(({ clientToken }) => clientToken)).size).toBe(sent(world).length);
    expect(world.tasks()).toHaveLength(3);
  });

  const deletedDuring = async (applied: boolean) => {
    const world = createWorld({ events: false, faults: runs((ordinal) => (ordinal === 1 ? lost(applied) : "ok")) });
    world.apply(aWeb());
    await world.run({ until: () => sent(world).length === 1, mostMs: minute });
    world.delete(shopWeb);
    expect(await world.run({ until: () => world.isDeleted(shopWeb), mostMs: 15 * minute })).toBe(true);
    expect(sent(world)).toHaveLength(1);
    expect(world.truth.live(shopWeb)).toEqual([]);
    return world;
  };

  test("is settled by looking twice once it may not start any more, if nothing is found", async () => {
    const world = await deletedDuring(false);
    const runMs = world.calls.find(({ method }) => method === "run")?.atMs ?? 0;
    const looks = world.calls.filter(
      ({ port, method, args }) => port === "tasks" && method === "list" && "startedBy" in (args[1] as object),
    );
    const [first = 0, second = 0] = looks.map(({ atMs }) => atMs);
    expect(first - runMs).toBeGreaterThan(150_000);
    expect(second - first).toBeGreaterThanOrEqual(minute);
  });

  test("is settled by its task, once that is found, if it may not start any more", async () => {
    await deletedDuring(true);
  });

  test("every second one", async () => {
    const world = await deploys({ faults: runs((ordinal) => (ordinal % 2 === 1 ? lost(ordinal % 4 === 1) : "ok")) });
    expect(world.tasks()).toHaveLength(3);
  });
});

describe("what ECS may answer", () => {
  test("throttled: the same call later, at half the rate", async () => {
    const world = await deploys({ faults: runs((ordinal) => (ordinal <= 3 ? throttled : "ok")) });
    expect(world.tasks()).toHaveLength(3);
    expect(new Set(sent(world).map(({ clientToken }) => clientToken)).size).toBeLessThan(sent(world).length);
  });

  test("failures in a 200: tried again elsewhere, with another token", async () => {
    const failing = async (): Promise<RunAnswer> => ({ tasks: [], failures: [{ reason: "RESOURCE:CPU" }] });
    const world = await deploys({
      faults: runs((ordinal) => (ordinal <= 2 ? { kind: "instead", act: failing } : "ok")),
    });
    const nodes = sent(world).map(({ placementConstraints }) => placementConstraints?.[0]?.expression);
    expect(nodes[1]).not.toBe(nodes[0]);
    expect(new Set(sent(world).map(({ clientToken }) => clientToken)).size).toBe(sent(world).length);
  });

  test("a conflict: only tasks that carry the call's own marks are its answer", async () => {
    const foreign: TaskId[] = [];
    let world: World | undefined;
    const conflict: Faults = runs((ordinal, { args }) => {
      if (ordinal !== 3 || world === undefined) return "ok";
      const input = args[0] as RunTaskInput;
      const { tasks } = world.aws.engine.handle("RunTask", {
        ...{ cluster: "main", taskDefinition: input.taskDefinition, count: 1, launchType: "EC2" },
        group: groupOf("another0", shopWeb),
        startedBy: input.startedBy,
      });
      foreign.push(taskIdOf({ arn: (tasks as readonly { taskArn: string }[])[0]?.taskArn ?? "" }));
      return { kind: "fault", fault: new Fault("conflict", "ConflictException", "used", { taskIds: foreign }) };
    });
    world = createWorld({ faults: conflict });
    world.apply(aWeb({ "spec.replicas": 4 }));
    await world.run({ until: () => world?.isConverged(shopWeb, 4) === true, mostMs: 15 * minute });
    expect(world.differences(shopWeb, 4)).toEqual([]);
    expect(foreign).toHaveLength(1);
    expect(world.truth.task(foreign[0] as TaskId)?.desiredStatus).toBe("RUNNING");
  });

  test("refused for good, of a revision that has proven itself: the user is told why, and it is asked again at the capped rate", async () => {
    let refuses = false;
    const refusal: ReturnType<Faults> = {
      kind: "fault",
      fault: new Fault("terminal", "ClientException", "the role does not exist"),
    };
    const world = await deploys({ faults: runs(() => (refuses ? refusal : "ok")) });
    const before = sent(world).length;
    refuses = true;
    world.scale(shopWeb, 4);
    await world.run({ mostMs: 30 * minute });
    const placed = world.service(shopWeb).state?.conditions.find(({ type }) => type === "Placed");
    expect(placed?.message).toContain("the role does not exist");
    expect(sent(world).length - before).toBeLessThanOrEqual(7);
    expect(sent(world).length - before).toBeGreaterThanOrEqual(4);
    expect(world.serving(shopWeb)).toHaveLength(3);
  });
});

describe("zombies", () => {
  /** Stands still at a call, the first time that it is made. */
  const frozenAt = (matches: (site: CallSite) => boolean, ms: number, applied: boolean) => {
    const seen = { hit: false };
    const faults: Faults = (site) => {
      if (seen.hit || !matches(site)) return "ok";
      seen.hit = true;
      return { kind: "freeze", ms, applied };
    };
    return { seen, faults };
  };
  const at = (handler: string, call: string, about: string) => (site: CallSite) =>
    site.handler === handler && `${site.port}.${site.method}` === call && JSON.stringify(site.args).includes(about);

  // A call of AWS that was begun is over after 5 s; anything else may stand still for as long as it likes.
  test.for([
    { at: "before it took budget", matches: at("dispatch", "store.take", "ecs-modify"), ms: 10 * minute },
    { at: "between reading and recording", matches: at("dispatch", "store.create", "call#"), ms: 10 * minute },
    { at: "for 4 s between reading and recording", matches: at("dispatch", "store.create", "call#"), ms: 4_000 },
    { at: "in RunTask", matches: at("dispatch", "tasks.run", ""), ms: 4_000 },
    { at: "before it stored the answer", matches: at("dispatch", "store.swap", '"answered"'), ms: 10 * minute },
    { at: "before it stored its plan", matches: at("reconcile", "store.create", '"plan"'), ms: 10 * minute },
    { at: "in RegisterTaskDefinition", matches: at("reconcile", "tasks.define", ""), ms: 4_000 },
  ])("a pass that stood still $at starts nothing that a delete has ended", async ({ matches, ms }) => {
    for (const applied of [true, false]) {
      for (const again of [true, false]) {
        const { seen, faults } = frozenAt(matches, ms, applied);
        const world = createWorld({ faults, events: false });
        // The sweep has found the nodes by then.
        await world.run({ mostMs: 61_000 });
        world.apply(aWeb());
        expect(await world.run({ until: () => seen.hit, mostMs: minute })).toBe(true);
        world.delete(shopWeb);
        await world.run({ mostMs: 500 });
        if (again) world.apply(aWeb({ "spec.replicas": 2 }));
        await world.run({ mostMs: 30 * minute });
        expect(again ? world.differences(shopWeb, 2) : world.truth.live(shopWeb)).toEqual([]);
        if (!again) expect(world.isDeleted(shopWeb)).toBe(true);
      }
    }
  });

  test("a start whose answer was stored is not made again before its task is on record", async () => {
    const dies = at("dispatch", "store.swap", '"answered"');
    let died = false;
    const faults: Faults = (site) => {
      if (died || !dies(site)) return "ok";
      died = true;
      return "dies after";
    };
    const world = await deploys({ events: false, faults });
    expect({ died, tasks: world.tasks().length }).toEqual({ died: true, tasks: 3 });
  });

  test("a stop that was authorised before a pause is not sent after it", async () => {
    const world = createWorld({
      faults: (site) =>
        site.handler === "reconcile" && site.method === "stop" && site.ordinal === 1 ? "dies before" : "ok",
    });
    world.apply(aWeb({ "spec.traffic": [trafficOf(world)] }));
    await world.run({ until: () => world.isConverged(shopWeb, 3), mostMs: 5 * minute });
    world.scale(shopWeb, 1);
    await world.run({ until: () => world.calls.some(({ method }) => method === "stop"), mostMs: minute });
    await world.pause(shopWeb, true);
    await world.run({ mostMs: 10 * minute });
    expect(world.truth.live(shopWeb).length).toBeGreaterThan(1);
    await world.pause(shopWeb, false);
    await world.run({ until: () => world.isConverged(shopWeb, 1), mostMs: 15 * minute });
    expect(world.differences(shopWeb, 1)).toEqual([]);
  });

  test("a stop is not sent by a pass that stood still while its service was paused", async () => {
    const takes = at("reconcile", "store.take", "ecs-modify");
    const { seen, faults } = frozenAt(takes, 10 * minute, true);
    const world = createWorld({ faults });
    world.apply(aWeb());
    await world.run({ until: () => world.isConverged(shopWeb, 3), mostMs: 5 * minute });
    world.scale(shopWeb, 1);
    await world.run({ until: () => seen.hit, mostMs: minute });
    await world.pause(shopWeb, true);
    await world.run({ mostMs: 20 * minute });
    expect(world.truth.live(shopWeb)).toHaveLength(3);
  });

  test("a stop that lost its swap to another decision is not sent", async () => {
    const { seen, faults } = frozenAt(at("reconcile", "store.swap", '"surplus"'), 3_000, false);
    const world = createWorld({
      faults: (site) => {
        const outcome = faults(site);
        return outcome === "ok" ? withoutLeases(site) : outcome;
      },
    });
    world.apply(aWeb());
    await world.run({ until: () => world.isConverged(shopWeb, 3), mostMs: 5 * minute });
    world.scale(shopWeb, 1);
    await world.run({ until: () => seen.hit, mostMs: minute });
    world.scale(shopWeb, 3);
    await world.run({ mostMs: 10 * minute });
    expect(world.differences(shopWeb, 3)).toEqual([]);
    expect(world.calls.filter(({ method }) => method === "stop")).toEqual([]);
  });

  test("a reconcile that stood still while it read a service does not end that service's next life", async () => {
    let world: World | undefined;
    let hit = false;
    const looks = new Map<number, number>();
    const standStill: Faults = ({ handler, pass, method }) => {
      if (hit || handler !== "reconcile" || method !== "query" || !world?.service(shopWeb).spec?.deleting) return "ok";
      looks.set(pass, (looks.get(pass) ?? 0) + 1);
      // The second look is the one that is acted upon.
      if (looks.get(pass) !== 2) return "ok";
      hit = true;
      return { kind: "freeze", ms: 10 * minute, applied: true };
    };
    world = createWorld({ faults: standStill });
    world.apply(aWeb());
    await world.run({ mostMs: minute });
    world.delete(shopWeb);
    await world.run({ until: () => world?.isDeleted(shopWeb) === true, mostMs: 5 * minute });
    world.apply(aWeb());
    await world.run({ mostMs: 4 * minute });
    const uid = world.service(shopWeb).state?.uid;
    await world.run({ mostMs: 15 * minute });
    expect({ hit, uid: world.service(shopWeb).state?.uid }).toEqual({ hit: true, uid });
    expect(world.differences(shopWeb, 3)).toEqual([]);
  });

  test("the quota of a service that is gone is given back, whoever raised it late", async () => {
    const world = createWorld({
      faults: (site) => {
        const isEntry = site.method === "create" && JSON.stringify(site.args[0]).includes('"usage"');
        return isEntry && site.handler === "reconcile" ? { kind: "freeze", ms: 5 * minute, applied: false } : "ok";
      },
    });
    world.apply(aWeb());
    await world.run({ mostMs: 10_000 });
    world.delete(shopWeb);
    await world.run({ mostMs: 30 * minute });
    expect(world.truth.usage("shop")?.entries ?? {}).toEqual({});
  });
});

test("a task that shows up after its service is gone is stopped, also when the first stop is lost", async () => {
  let stops = 0;
  const world = createWorld({
    events: false,
    faults: ({ method }) => {
      if (method !== "stop" || stops < 0) return "ok";
      stops += 1;
      return stops > 3 && stops < 6 ? "not applied" : "ok";
    },
  });
  world.apply(aWeb());
  await world.run({ until: () => world.isConverged(shopWeb, 3), mostMs: 5 * minute });
  const [input] = sent(world);
  world.delete(shopWeb);
  await world.run({ until: () => world.isDeleted(shopWeb), mostMs: 5 * minute });
  const { cluster, taskDefinition, launchType, group, startedBy } = input as RunTaskInput;
  world.aws.engine.handle("RunTask", { cluster, taskDefinition, launchType, group, startedBy, count: 1 });
  await world.run({ mostMs: 6 * minute });
  expect(world.truth.live(shopWeb)).toEqual([]);
});
