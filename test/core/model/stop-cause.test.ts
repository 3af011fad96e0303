import { expect, test } from "vitest";
import { stopCause } from "../../../core/model/stop-cause.ts";

const failed = { stopCode: "TaskFailedToStart", stoppedReason: "Task failed to start" };
const exited = { stopCode: "EssentialContainerExited", stoppedReason: "Essential container in task exited" };

test.for([
  { name: "a container tells why", task: failed, reasons: ["no image"], is: "Task failed to start: no image" },
  {
    name: "so it does of a crash",
    task: exited,
    reasons: ["OutOfMemoryError"],
    is: `${exited.stoppedReason}: OutOfMemoryError`,
  },
  {
    name: "the first that says anything",
    task: failed,
    reasons: [undefined, "", "b", "c"],
    is: "Task failed to start: b",
  },
  { name: "none does", task: failed, reasons: [undefined], is: "Task failed to start" },
  {
    name: "it is said already",
    task: { ...failed, stoppedReason: "no image: x" },
    reasons: ["no image"],
    is: "no image: x",
  },
  { name: "it alone says anything", task: { stopCode: "TaskFailedToStart" }, reasons: ["no image"], is: "no image" },
  {
    name: "a stop of ours is told as it was asked for",
    task: { stopCode: "UserInitiated", stoppedReason: "longshore: unhealthy" },
    reasons: ["killed"],
    is: "longshore: unhealthy",
  },
])("$name", ({ task, reasons, is }) => {
  expect(stopCause(task, reasons)).toBe(is);
});
