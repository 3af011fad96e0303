import { describe, expect, test } from "vitest";
import { Fault } from "../../core/model/fault.ts";
import type { Target, Targets } from "../../core/ports/targets.ts";
import { moveTraffic } from "../../steps/move-traffic.ts";
import { startStopwatch } from "../../steps/stopwatch.ts";
import { group, key } from "../support/service.ts";
import { aStage } from "../support/stage.ts";

const [joining, leaving]: readonly [Target[], Target[]] = [
  [{ id: "10.0.0.1", port: 80 }],
  [{ id: "10.0.0.2", port: 80 }],
];

/** What was told to a group, and the log of it, when its load balancer fails at one of the two. */
async function moved(failing: "register" | "deregister" | undefined, error: unknown, leave = leaving) {
  const { ports, log } = aStage();
  const told: string[] = [];
  const tell =
    (move: "register" | "deregister"): Targets["register"] =>
    async (_, targets) => {
      if (move === failing) throw error;
      told.push(`${move} ${targets.map(({ id }) => id)}`);
    };
  const targets = { ...ports.targets, register: tell("register"), deregister: tell("deregister") };
  const changes = [{ targetGroup: group, register: joining, deregister: leave }];
  const moving = { key, changes, stopwatch: startStopwatch(ports.clock) };
  await moveTraffic({ ...ports, targets }, moving);
  return { told, log: log.entries };
}

describe("targets that join and leave", () => {
  const both = ["deregister 10.0.0.2", "register 10.0.0.1"];
  const tooMany = new Fault("terminal", "TooManyTargets", "the group has 1000 targets, which is all it may have");
  const line = { level: "warn", service: key, targetGroup: group, targets: 1, reason: tooMany.message };

  test.for([
    { name: "are told, those that leave first", failing: undefined, error: undefined, told: both, log: [] },
    {
      name: "are logged where they are refused for good",
      failing: "register",
      error: tooMany,
      told: both.slice(0, 1),
      log: [{ ...line, message: "ELB refused to register targets" }],
    },
    {
      name: "join although others may not leave",
      failing: "deregister",
      error: tooMany,
      told: both.slice(1),
      log: [{ ...line, message: "ELB refused to deregister targets" }],
    },
    {
      name: "are left to the next look, and out of the log, where that fails for a time",
      failing: "register",
      error: new Fault("transient", "Timeout", "no answer"),
      told: both.slice(0, 1),
      log: [],
    },
  ] as const)("$name", async ({ failing, error, told, log }) => {
    expect(await moved(failing, error)).toEqual({ told, log });
  });

  test("are all refused where none leaves and none may join", async () => {
    expect(await moved("register", tooMany, [])).toMatchObject({ told: [] });
  });

  test("what is no fault of a dependency is a bug of ours, and thrown", async () => {
    await expect(moved("register", new TypeError("a bug"))).rejects.toThrow("a bug");
  });
});
