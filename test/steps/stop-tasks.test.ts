import { describe, expect, test } from "vitest";
import type { TaskId } from "../../core/model/ids.ts";
import type { Stop, StopReason } from "../../core/model/records.ts";
import { takeBudget } from "../../steps/budget.ts";
import { takeStops } from "../../steps/stop-tasks.ts";
import { aStop } from "../support/drawn-plan.ts";
import { aStage } from "../support/stage.ts";

/** Which of these stops, named by why they are, the budget has room for when so many other calls have gone before. */
async function taken(whys: readonly StopReason[], used: number): Promise<readonly string[]> {
  const { ports } = aStage();
  for (let count = 0; count < used; count += 1) await takeBudget(ports, "ecs-modify", "unsafe-stop", 1);
  const due = whys.map((why, index) => `${why} ${index}` as TaskId);
  const stops = Object.fromEntries(
    due.map((taskId, index): [string, Stop] => [taskId, aStop({ phase: "stopping", why: whys[index] ?? "surplus" })]),
  );
  return takeStops(ports, stops, due);
}

describe("StopTasks within the budget", () => {
  const many = (why: StopReason, count: number) => Array.from({ length: count }, () => why);

  test("are all of a few", async () => {
    expect(await taken(["surplus", "replaced"], 0)).toEqual(["surplus 0", "replaced 1"]);
  });

  test("are those of unsafe tasks first", async () => {
    expect(await taken(["surplus", "unhealthy", "replaced", "orphan"], 0)).toEqual([
      "unhealthy 1",
      "orphan 3",
      "surplus 0",
      "replaced 2",
    ]);
  });

  // Of 40 calls in a window 26 are for stops that can wait, and all are for others.
  test.for([
    { name: "as many as there is room for", whys: many("surplus", 40), used: 0, is: 26 },
    { name: "as many as there is room left for", whys: many("surplus", 40), used: 3, is: 23 },
    { name: "one, where there is room for one", whys: many("surplus", 40), used: 25, is: 1 },
    { name: "none without room", whys: many("surplus", 40), used: 26, is: 0 },
    { name: "unsafe ones beyond that", whys: many("unhealthy", 40), used: 0, is: 40 },
    {
      name: "unsafe ones where others have none",
      whys: ["surplus", ...many("unhealthy", 5)] as const,
      used: 26,
      is: 5,
    },
  ])("are $name", async ({ whys, used, is }) => {
    expect(await taken(whys, used)).toHaveLength(is);
  });
});
