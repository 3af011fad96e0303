import { expect, test } from "vitest";
import { Fault, invariant, isFault } from "../../../core/model/fault.ts";
import type { TaskId } from "../../../core/model/ids.ts";

const throttled = new Fault("transient", "ThrottlingException", "slow down", { throttled: true, cause: "sdk" });

test("a fault says what failed and keeps its cause", () => {
  expect(throttled).toMatchObject({ name: "Fault", code: "ThrottlingException", throttled: true, cause: "sdk" });
  const plain = new Fault("terminal", "ClientException", "no", { taskIds: ["t1" as TaskId] });
  expect(plain).toMatchObject({ message: "no", throttled: false, taskIds: ["t1"] });
  expect(throttled.taskIds).toEqual([]);
});

test.for([
  { name: "a fault of any kind", error: throttled, kind: undefined, is: true },
  { name: "a fault of that kind", error: throttled, kind: "transient" as const, is: true },
  { name: "a fault of another kind", error: throttled, kind: "terminal" as const, is: false },
  { name: "another error", error: new Error("x"), kind: undefined, is: false },
  { name: "no error", error: { kind: "transient" }, kind: "transient" as const, is: false },
])("$name", ({ error, kind, is }) => {
  expect(isFault(error, kind)).toBe(is);
});

test("a broken invariant stops us, one that holds does not", () => {
  expect(() => invariant(true, "x")).not.toThrow();
  expect(() => invariant(false, "count is -1")).toThrow("broken invariant: count is -1");
});
