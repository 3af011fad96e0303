import { expect, test } from "vitest";
import { ownStop, stopText, whyStopped } from "../../../core/model/own-stops.ts";

test("what StopTask was told is known again, and nothing else is", () => {
  expect(ownStop(stopText("failed to start"))).toBe("failed to start");
  expect(ownStop("Essential container in task exited")).toBeUndefined();
  expect(ownStop(undefined)).toBeUndefined();
});

test.for([
  {
    name: "our own stop, however it ended",
    task: { stoppedReason: "longshore: unhealthy", exitCode: 0 },
    why: "unhealthy",
  },
  {
    name: "ECS's reason with the exit code",
    task: { stoppedReason: "Essential container in task exited", exitCode: 3 },
    why: "Essential container in task exited (exit code 3)",
  },
  { name: "its code where there is no reason", task: { stopCode: "TaskFailedToStart" }, why: "TaskFailedToStart" },
  { name: "nothing at all", task: {}, why: "no reason given" },
])("why a task stopped: $name", ({ task, why }) => {
  expect(whyStopped(task)).toBe(why);
});
