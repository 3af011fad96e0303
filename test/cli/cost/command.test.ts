import { describe, expect, test } from "vitest";
import type { CostReport } from "../../../cli/cost/report.ts";
import { anInstall } from "../a-session.ts";

const run = (line: string, columns = 100) => anInstall({ columns }).run("cost", ...line.split(" "));

test("a month is told by its lines, the dearest first, and beside control planes that are always on", async () => {
  const { code, out, progress } = await run("--services 100 --tasks 1000 --rollouts-per-day 10 --queue-services 10");
  expect([code, progress]).toEqual([0, ""]);
  const lines = out.split("\n");
  expect(lines[0]).toMatch(
    /^A month of 100 services \(10 on the backlog of a queue, 90 behind target groups\), 1,000 tasks, 10 rollouts a day: \$\d\.\d\d$/,
  );
  const bars = lines.filter((line) => line.includes("$")).map((line) => /[█▏▎▍▌▋▊▉]*$/.exec(line)?.[0].length ?? 0);
  const bill = bars.slice(1, -3);
  expect(bill.length).toBeGreaterThan(10);
  expect(bill).toEqual(bill.toSorted((a, b) => b - a));
  expect(out).toMatch(/ {2}EKS control plane +\$73\.00 +█+\n/);
  for (const line of lines.filter((each) => each.startsWith("  "))) expect(line.length).toBeLessThanOrEqual(100);
});

test("one JSON document tells the same", async () => {
  const { out } = await run("--services 100 --tasks 1000 --rollouts-per-day 10 --json");
  const report: CostReport = JSON.parse(out);
  expect(report.load).toEqual({
    services: 100,
    tasks: 1000,
    rolloutsPerDay: 10,
    queueServices: 10,
    backlogsPerDay: 0,
    targetGroupServices: 90,
  });
  expect(report.dollars).toBeCloseTo(report.lines.reduce((sum, { dollars }) => sum + dollars, 0));
  expect(report.beside.map(({ name }) => name)).toEqual(["3 Nomad servers", "EKS control plane"]);
});

test("backlogs that come and go are told, and cost", async () => {
  const month = "--services 100 --tasks 1000 --rollouts-per-day 0";
  const [still, moving] = await Promise.all([run(`${month} --json`), run(`${month} --backlogs-per-day 40 --json`)]);
  expect(JSON.parse(moving.out).dollars).toBeGreaterThan(JSON.parse(still.out).dollars);
  expect((await run(`${month} --backlogs-per-day 40`)).out).toContain(
    "0 rollouts a day, 40 backlogs that come and go a day: $",
  );
});

test("without any number it is an install that does nothing", async () => {
  const { out } = await run("--json");
  const report: CostReport = JSON.parse(out);
  expect(report.load).toEqual({
    services: 0,
    tasks: 0,
    rolloutsPerDay: 0,
    queueServices: 0,
    backlogsPerDay: 0,
    targetGroupServices: 0,
  });
  expect(report.lines.map(({ name }) => name)).not.toContain("CloudWatch: custom metrics");
});

describe("what is about services", () => {
  test.for([
    { line: "--services 20", queueServices: 2, targetGroupServices: 18 },
    { line: "--services 9", queueServices: 0, targetGroupServices: 9 },
    { line: "--services 20 --queue-services 20", queueServices: 20, targetGroupServices: 0 },
    { line: "--services 20 --queue-services 5 --target-group-services 5", queueServices: 5, targetGroupServices: 5 },
  ])(
    "$line: $queueServices on a queue, $targetGroupServices in target groups",
    async ({ line, queueServices, targetGroupServices }) => {
      expect(JSON.parse((await run(`${line} --json`)).out).load).toMatchObject({ queueServices, targetGroupServices });
    },
  );
});

describe("what cannot be is refused", () => {
  test.for([
    { line: "--services -1", told: 'services must be 0 to 100000, got "-1"' },
    { line: "--services x", told: 'services must be 0 to 100000, got "x"' },
    {
      line: "--tasks 5",
      told: "tasks and rollouts-per-day must be 0 where services is 0, got 5 and 0; give --services",
    },
    {
      line: "--rollouts-per-day 5",
      told: "tasks and rollouts-per-day must be 0 where services is 0, got 0 and 5; give --services",
    },
    {
      line: "--services 9 --backlogs-per-day 5",
      told: "backlogs-per-day must be 0 where queue-services is 0, got 5; give --queue-services",
    },
    {
      line: "--services 10 --queue-services 6 --target-group-services 5",
      told: "queue-services and target-group-services must be at most 10 together, got 6 and 5",
    },
  ])("$line", async ({ line, told }) => {
    const { code, out, progress } = await run(line);
    expect([code, out]).toEqual([2, ""]);
    expect(progress).toContain(told);
  });
});
