import { describe, expect, test } from "vitest";
import { modelTargets } from "../../../sim/elb/port.ts";
import { aWorld } from "./support.ts";

describe("target groups in memory", () => {
  const web = { id: "10.0.0.1", port: 8080 };

  test("register, become healthy, deregister", async () => {
    const world = aWorld();
    const targets = modelTargets(world.model);
    await targets.register(world.group, [web]);
    const first = await targets.health(world.group);
    world.pass(0);
    const second = await targets.health(world.group);
    await targets.deregister(world.group, [web, { id: "10.0.0.9", port: 1 }]);
    expect([first, second, await targets.health(world.group)]).toEqual([
      [{ ...web, state: "initial", reason: "Elb.RegistrationInProgress" }],
      [{ ...web, state: "healthy" }],
      [],
    ]);
  });

  test.for(["register", "deregister", "health"] as const)("%s fails for good without the group", async (action) => {
    const targets = modelTargets(aWorld().model);
    await expect(targets[action]("arn:none", [web])).rejects.toMatchObject({
      kind: "terminal",
      code: "TargetGroupNotFound",
    });
  });
});
