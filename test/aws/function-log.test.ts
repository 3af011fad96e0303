import { afterEach, expect, test, vi } from "vitest";
import { functionLog } from "../../aws/function-log.ts";
import type { LogEntry } from "../../core/ports/log.ts";

afterEach(() => void vi.unstubAllEnvs());

function aLog() {
  const lines: string[] = [];
  const log = functionLog({ install: "blue" }, (line) => lines.push(line));
  const count = (counts: NonNullable<LogEntry["counts"]>) =>
    log.write({ level: "info", message: "dispatched", service: "shop/web", counts });
  /** Publishes, and answers what that wrote. */
  const published = (): readonly string[] => {
    lines.length = 0;
    log.publish();
    return [...lines];
  };
  return { lines, count, published };
}

test("what a batch counted is one document of embedded metrics, by install alone", () => {
  const { lines, count, published } = aLog();
  count({ TasksStarted: 2 });
  count({ TasksStarted: 1, TasksFailed: 4 });
  expect(lines).toHaveLength(2);
  const [line = "", ...more] = published();
  expect(more).toEqual([]);
  expect(line).not.toContain("\n");
  const document = JSON.parse(line);
  expect(document).toEqual({
    _aws: {
      Timestamp: expect.any(Number),
      CloudWatchMetrics: [
        {
          Namespace: "Longshore",
          Dimensions: [["install"]],
          Metrics: [
            { Name: "TasksStarted", Unit: "Count" },
            { Name: "TasksFailed", Unit: "Count" },
          ],
        },
      ],
    },
    install: "blue",
    TasksStarted: 3,
    TasksFailed: 4,
  });
  // CloudWatch drops what is more than two hours ahead or two weeks old.
  expect(Math.abs(document._aws.Timestamp - Date.now())).toBeLessThan(60_000);
});

test("what was published is not counted again", () => {
  const { count, published } = aLog();
  count({ TasksStarted: 2 });
  published();
  expect(published()).toEqual([]);
  count({ TasksFailed: 1 });
  const [line = ""] = published();
  expect(JSON.parse(line)).toMatchObject({ TasksFailed: 1 });
  expect(line).not.toContain("TasksStarted");
});

test.for<{ name: string; counts: NonNullable<LogEntry["counts"]>[] }>([
  { name: "nothing", counts: [] },
  { name: "none of anything", counts: [{ TasksStarted: 0, TasksFailed: 0 }, {}] },
])("to have counted $name is not worth a line", ({ counts }) => {
  const { count, published } = aLog();
  counts.forEach(count);
  expect(published()).toEqual([]);
});

test.for(["POWERTOOLS_SERVICE_NAME", "POWERTOOLS_METRICS_NAMESPACE", "POWERTOOLS_DEV"])(
  "%s of whoever runs it changes no metric's name",
  (variable) => {
    vi.stubEnv(variable, "true");
    const { count, published } = aLog();
    count({ TasksStarted: 1 });
    expect(JSON.parse(published()[0] ?? "")).toMatchObject({
      _aws: { CloudWatchMetrics: [{ Namespace: "Longshore", Dimensions: [["install"]] }] },
      install: "blue",
    });
  },
);

test("more values than one metric of Powertools holds are one sum still", () => {
  const { count, published } = aLog();
  for (let times = 0; times < 250; times += 1) count({ TasksStarted: 1 });
  expect(published().map((line) => JSON.parse(line).TasksStarted)).toEqual([250]);
});
