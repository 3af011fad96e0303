import { beforeAll, describe, expect } from "vitest";
import type { Target, Targets } from "../../core/ports/targets.ts";
import { createElbModel, type ElbModel } from "../../sim/elb/model.ts";
import { seededRandom } from "../../sim/random.ts";
import { testOfEngine, testThatNeeds } from "./needs.ts";

/** Target groups that are held to their contract. */
export interface TargetsUnderTest {
  readonly targets: Targets;
  /** A new group of addresses that no listener uses; answers its ARN. */
  aGroup(): Promise<string>;
  /** Behind load balancers of ours: their tests decide what health checks see. */
  readonly model?: ElbModel;
}

/** The load balancers that implementations of ours are a view of. */
export function aModel(): ElbModel {
  return createElbModel({ nowMs: () => 0, region: "us-east-1", account: "000000000000", hex: seededRandom(1).hex });
}

let groups = 0;

/** What an implementation of the port over load balancers of ours is held to the contract with. */
export function targetsUnderTest(model: ElbModel, targets: Targets): TargetsUnderTest {
  return { targets, model, aGroup: async () => newGroup(model) };
}

function newGroup(model: ElbModel): string {
  groups += 1;
  return model.createTargetGroup({ name: `web-${groups}`, targetType: "ip", port: 80 }).arn;
}

/** What all implementations of target groups do, whatever they are made of. */
export function targetsContract(name: string, make: () => Promise<TargetsUnderTest>): void {
  describe(`${name} keep the contract of targets`, () => {
    let world: TargetsUnderTest;
    let targets: Targets;
    beforeAll(async () => {
      world = await make();
      targets = world.targets;
    });
    const aGroup = () => world.aGroup();
    const web: Target = { id: "10.0.0.1", port: 8080 };

    testOfEngine("target health")("what was registered is there, with its state and AWS's reason", async () => {
      const { model = aModel() } = world;
      const group = newGroup(model);
      const loadBalancer = model.createLoadBalancer({ name: "main" }).arn;
      model.createListener({ loadBalancer, port: 8080, targetGroup: group });
      await targets.register(group, [web]);
      expect(await targets.health(group)).toEqual([{ ...web, state: "initial", reason: "Elb.RegistrationInProgress" }]);
      for (const due of model.startChecks()) model.checkResult(due, { kind: "answered", status: 200 });
      expect(await targets.health(group)).toEqual([{ ...web, state: "healthy" }]);
    });

    testThatNeeds("an address may be registered with several ports")(
      "one address may be registered with several ports, and again",
      async () => {
        const group = await aGroup();
        const other = { ...web, port: 8081 };
        await targets.register(group, [web, other]);
        await targets.register(group, [web]);
        expect((await targets.health(group)).map(({ id, port }) => ({ id, port }))).toEqual([web, other]);
      },
    );

    testThatNeeds("an unknown target may be deregistered")(
      "what was deregistered is absent, and may be deregistered again",
      async () => {
        const group = await aGroup();
        await targets.register(group, [web]);
        await targets.deregister(group, [web]);
        await targets.deregister(group, [web]);
        expect(await targets.health(group)).toEqual([]);
      },
    );

    testThatNeeds("target groups")("many at once", async () => {
      const group = await aGroup();
      const many = Array.from({ length: 250 }, (_, index) => ({ id: `10.0.0.${index}`, port: 80 }));
      await targets.register(group, many);
      expect(await targets.health(group)).toHaveLength(250);
      await targets.deregister(group, many);
      expect(await targets.health(group)).toEqual([]);
    });

    testThatNeeds("target groups")("no targets change nothing", async () => {
      const group = await aGroup();
      await targets.register(group, []);
      await targets.deregister(group, []);
      expect(await targets.health(group)).toEqual([]);
    });

    for (const action of ["register", "deregister", "health"] as const) {
      testThatNeeds("an unknown group is refused")(`${action} fails for good without the group`, async () => {
        const none = "arn:aws:elasticloadbalancing:us-east-1:000000000000:targetgroup/none/0123456789abcdef";
        await expect(targets[action](none, [web])).rejects.toMatchObject({ name: "Fault", kind: "terminal" });
      });
    }
  });
}
