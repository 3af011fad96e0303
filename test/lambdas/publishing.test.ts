import { expect, test } from "vitest";
import { functionLog } from "../../aws/function-log.ts";
import { publishing } from "../../lambdas/publishing.ts";

function aFunction(work: () => Promise<string>) {
  const lines: string[] = [];
  const log = functionLog({ install: "blue" }, (line) => lines.push(line));
  const handler = publishing(async () => {
    log.write({ level: "info", message: "dispatched", counts: { TasksStarted: 1 } });
    return work();
  }, log);
  return { handler, counted: () => lines.flatMap((line) => JSON.parse(line).TasksStarted ?? []) };
}

test("what a batch counted is published when it ends, each batch by itself", async () => {
  const { handler, counted } = aFunction(async () => "done");
  expect(await handler()).toBe("done");
  expect(counted()).toEqual([1]);
  await handler();
  expect(counted()).toEqual([1, 1]);
});

test("also when it fails, as it failed", async () => {
  const { handler, counted } = aFunction(async () => {
    throw new Error("broken");
  });
  await expect(handler()).rejects.toThrow("broken");
  expect(counted()).toEqual([1]);
});
