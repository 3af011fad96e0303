import { expect, test } from "vitest";
import { functionLog } from "../../aws/function-log.ts";
import type { Trouble } from "../../core/trouble/trouble.ts";
import { sweepHandler } from "../../lambdas/handlers.ts";
import { aRunningService } from "../support/running-service.ts";
import type { Stage } from "../support/stage.ts";

/** A service that runs at rest, beside a wake-up that nobody could read. */
async function aDeadLetter(): Promise<Stage> {
  const stage = await aRunningService();
  stage.queues.send("work", "no wake-up");
  for (let receive = 0; receive <= 5; receive += 1) {
    stage.queues.receive("work", 1);
    stage.pass(180_000);
  }
  return stage;
}

const told = {
  kind: "dead letters",
  about: "work-dead",
  message: expect.stringContaining("it holds 1 message that could not be worked on"),
};

test("the function writes one line that names the trouble, and fails", async () => {
  const { ports } = await aDeadLetter();
  const lines: string[] = [];
  const log = functionLog({ install: "blue" }, (line) => lines.push(line));
  const message = "the sweep found 1 trouble (1 × dead letters)";
  await expect(sweepHandler({ ...ports, log })()).rejects.toThrow(message);
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ level: "ERROR", message, troubles: [told] }]);
});

test("all other work is done before that", async () => {
  const stage = await aDeadLetter();
  const [taskId = ""] = await stage.tasks.list("main", { desiredStatus: "RUNNING" });
  await stage.tasks.stop("main", taskId as never, "by hand");
  stage.pass(60_000);
  await expect(sweepHandler(stage.ports)()).rejects.toThrow("trouble");
  expect(stage.queues.pending("observations")).toBe(1);
});

test("somebody else may be told instead, and then nothing fails", async () => {
  const { ports } = await aDeadLetter();
  const found: Trouble[] = [];
  await sweepHandler(ports, (troubles) => found.push(...troubles))();
  expect(found).toEqual([told]);
});

test("nobody is told of nothing", async () => {
  const { ports } = await aRunningService();
  const found: (readonly Trouble[])[] = [];
  await sweepHandler(ports, (troubles) => found.push(troubles))();
  expect(found).toEqual([]);
});
