import { beforeAll, describe, expect, test } from "vitest";
import type { Target, Targets } from "../../core/ports/targets.ts";
import { createElbModel, type ElbModel } from "../../sim/elb/model.ts";
import { seededRandom } from "../../sim/random.ts";

/** The load balancers that both implementations are a view of. */
function aModel(): ElbModel {
  return createElbModel({ nowMs: () => 0, region: "us-east-1", account: "000000000000", hex: seededRandom(1).hex });
}

/** What all implementations of target groups do, whatever they are made of. */
export function targetsContract(name: string, makeTargets: (model: ElbModel) => Promise<Targets>): void {
  describe(`${name} keep the contract of targets`, () => {
    const model = aModel();
    let targets: Targets;
    beforeAll(async () => {
      targets = await makeTargets(model);
    });
    let groups = 0;
    /** A group of addresses that no listener uses, unless it is told to. */
    const aGroup = ({ used = false } = {}) => {
      groups += 1;
      const { arn } = model.createTargetGroup({ name: `web-${groups}`, targetType: "ip", port: 80 });
      if (!used) return arn;
      const loadBalancer = model.createLoadBalancer({ name: `main-${groups}` }).arn;
      model.createListener({ loadBalancer, port: 8080, targetGroup: arn });
      return arn;
    };
    const check = (status: number) => {
      for (const due of model.startChecks()) model.checkResult(due, { kind: "answered", status });
    };
    const web: Target = { id: "10.0.0.1", port: 8080 };

    test("what was registered is there, with its state and AWS's reason", async () => {
      const group = aGroup({ used: true });
      await targets.register(group, [web]);
      expect(await targets.health(group)).toEqual([{ ...web, state: "initial", reason: "Elb.RegistrationInProgress" }]);
      check(200);
      expect(await targets.health(group)).toEqual([{ ...web, state: "healthy" }]);
    });

    test("one address may be registered with several ports, and again", async () => {
      const group = aGroup();
      const other = { ...web, port: 8081 };
      await targets.register(group, [web, other]);
      await targets.register(group, [web]);
      expect((await targets.health(group)).map(({ id, port }) => ({ id, port }))).toEqual([web, other]);
    });

    test("what was deregistered is absent, and may be deregistered again", async () => {
      const group = aGroup();
      await targets.register(group, [web]);
      await targets.deregister(group, [web]);
      await targets.deregister(group, [web]);
      expect(await targets.health(group)).toEqual([]);
    });

    test("many at once", async () => {
      const group = aGroup();
      const many = Array.from({ length: 250 }, (_, index) => ({ id: `10.0.0.${index}`, port: 80 }));
      await targets.register(group, many);
      expect(await targets.health(group)).toHaveLength(250);
      await targets.deregister(group, many);
      expect(await targets.health(group)).toEqual([]);
    });

    test("no targets change nothing", async () => {
      const group = aGroup();
      await targets.register(group, []);
      await targets.deregister(group, []);
      expect(await targets.health(group)).toEqual([]);
    });

    test.for(["register", "deregister", "health"] as const)("%s fails for good without the group", async (action) => {
      const none = "arn:aws:elasticloadbalancing:us-east-1:000000000000:targetgroup/none/0123456789abcdef";
      await expect(targets[action](none, [web])).rejects.toMatchObject({ name: "Fault", kind: "terminal" });
    });
  });
}
