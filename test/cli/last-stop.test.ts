import { expect, test } from "vitest";
import type { TaskRecord } from "../../core/model/records.ts";
import { aTask } from "../support/drawn-tasks.ts";
import { anInstall, manifestText } from "./a-session.ts";

const stopped = (index: number, given: Partial<TaskRecord>) =>
  aTask(`t${index}`, { status: "STOPPED", stoppedAtMs: index, createdAtMs: 0, ...given });

interface Row {
  readonly name: string;
  readonly message: string;
  readonly tasks: readonly TaskRecord[];
  readonly says: string;
}

const exited = { stoppedReason: "Essential container in task exited", exitCode: 3 };

test.for<Row>([
  {
    name: "the last one",
    message: "no progress",
    tasks: [stopped(2, exited), stopped(1, { stoppedReason: "before" })],
    says: "no progress; the last task that failed: Essential container in task exited (exit code 3)\n",
  },
  {
    name: "not what the message says itself",
    message: "3 tasks failed; the last one: Essential container in task exited (exit code 3)",
    tasks: [stopped(1, exited)],
    says: "3 tasks failed; the last one: Essential container in task exited (exit code 3)\n",
  },
  {
    name: "not what it says of a stop of ours",
    message: "3 tasks failed; the last one: unhealthy",
    tasks: [stopped(1, { stoppedReason: "longshore: unhealthy" })],
    says: "3 tasks failed; the last one: unhealthy\n",
  },
  {
    name: "a stop of ours of a task that failed",
    message: "no progress",
    tasks: [stopped(1, { stoppedReason: "longshore: failed to start" })],
    says: "no progress; the last task that failed: failed to start\n",
  },
  {
    name: "not a stop of a task that nobody wanted",
    message: "no progress",
    tasks: [stopped(1, exited), stopped(2, { stoppedReason: "longshore: surplus" })],
    says: "no progress; the last task that failed: Essential container in task exited (exit code 3)\n",
  },
  { name: "nothing without a reason", message: "no progress", tasks: [stopped(1, {})], says: "no progress\n" },
])("a deployment that failed says why its last task did: $name", async ({ message, tasks, says }) => {
  const install = anInstall({
    input: manifestText(),
    onPause: ({ decide }) => decide({ status: "False", reason: "Overdue", message }),
  });
  for (const task of tasks) await install.store.create<TaskRecord>(task);
  const { code, progress } = await install.run("apply", "-f", "-", "--wait");
  expect([code, progress.slice(progress.indexOf("Overdue: ") + "Overdue: ".length)]).toEqual([4, says]);
});
