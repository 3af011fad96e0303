import { describe, expect, test } from "vitest";
import { Fault } from "../../core/model/fault.ts";
import { heedThrottle, takeBudget } from "../../steps/budget.ts";
import { aStage } from "../support/stage.ts";

/** How many single calls a bucket has room for now. */
async function room(stage: ReturnType<typeof aStage>): Promise<number> {
  let count = 0;
  while (await takeBudget(stage.ports, "ecs-modify", "replace", 1)) count += 1;
  return count;
}

describe("an account's budget", () => {
  test("is used up, and there again in the next window", async () => {
    const stage = aStage();
    expect(await room(stage)).toBe(36);
    stage.clock.advance(1_999);
    expect(await room(stage)).toBe(0);
    stage.clock.advance(1);
    expect(await room(stage)).toBe(36);
  });

  test("is taken as a whole or not at all", async () => {
    const stage = aStage();
    expect(await takeBudget(stage.ports, "ecs-modify", "replace", 35)).toBe(true);
    expect(await takeBudget(stage.ports, "ecs-modify", "replace", 2)).toBe(false);
    expect(await takeBudget(stage.ports, "ecs-modify", "replace", 1)).toBe(true);
  });

  test("keeps room for what is more urgent, in the same window", async () => {
    const stage = aStage();
    await room(stage);
    expect(await takeBudget(stage.ports, "ecs-modify", "unsafe-stop", 4)).toBe(true);
    expect(await takeBudget(stage.ports, "ecs-modify", "unsafe-stop", 1)).toBe(false);
  });
});

describe("a call that fails", () => {
  const throttled = new Fault("transient", "ThrottlingException", "rate exceeded", { throttled: true });
  test.for<{ name: string; error: unknown; room: number }>([
    { name: "for its rate halves the budget", error: throttled, room: 18 },
    { name: "for another reason does not", error: new Fault("transient", "ServerException", "broken"), room: 36 },
    { name: "for good does not", error: new Fault("terminal", "AccessDenied", "denied"), room: 36 },
    { name: "by our own fault does not", error: new Error("throttled"), room: 36 },
  ])("$name", async ({ error, room: expected }) => {
    const stage = aStage();
    await heedThrottle(stage.ports, "ecs-modify", error);
    expect(await room(stage)).toBe(expected);
  });

  test("halves its own bucket alone", async () => {
    const stage = aStage();
    await heedThrottle(stage.ports, "elb-registrations", throttled);
    expect(await room(stage)).toBe(36);
  });

  test("halves it for a minute", async () => {
    const stage = aStage();
    await heedThrottle(stage.ports, "ecs-modify", throttled);
    stage.clock.advance(59_999);
    expect(await room(stage)).toBe(18);
    stage.clock.advance(1);
    expect(await room(stage)).toBe(36);
  });
});
