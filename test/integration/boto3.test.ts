import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { hasPython, pythonWith, run } from "../support/python.ts";
import { readmeEvent } from "../support/readme.ts";
import { answerOf, idOf, tasksOf, useStage } from "./stage.ts";

const file = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** What the script prints: the answers of AWS's APIs as boto3 shows them, as far as they are looked at here. */
interface Report {
  readonly results: Readonly<Record<string, unknown>>;
  readonly records: Readonly<Record<string, readonly { readonly sort: string }[]>>;
  readonly tasks: readonly Readonly<Record<string, unknown>>[];
  readonly nodes: readonly Readonly<Record<string, unknown>>[];
  readonly targets: readonly { readonly Target: { readonly Id: string }; readonly TargetHealth: object }[];
  readonly answer: string;
}

const isMissing = !hasPython();

describe.skipIf(isMissing)(`a client that nobody here wrote${isMissing ? ": python3 is missing" : ""}`, () => {
  const stage = useStage();
  let report: Report;

  beforeAll(async () => {
    const python = await pythonWith(file("requirements.txt"));
    const home = mkdtempSync(join(tmpdir(), "longshore-home-"));
    try {
      const exports = stage().exports.matchAll(/^export (\w+)='(.*)'$/gm);
      const variables = Object.fromEntries([...exports].map(([, name, value]) => [name, value]));
      const env = { ...variables, HOME: home, INSTALL: stage().install.table, SENDER: stage().sender };
      report = JSON.parse(await run(python, ["-I", file("boto3_client.py")], { input: readmeEvent(), env }));
    } finally {
      rmSync(home, { recursive: true });
    }
  }, 300_000);

  const running = () => [...tasksOf(stage(), "hello"), ...tasksOf(stage(), "hello-served")];

  test("is answered that both of its commands were applied", () => {
    const applied = { phase: "applied", sender: stage().sender, type: "dev.longshore.apply", generation: "1" };
    expect(report.results).toMatchObject({ "shop/hello": applied, "shop/hello-served": applied });
  });

  test("sees in ECS the tasks that run, and no others", () => {
    const truth = running().map((task) => ({
      taskArn: task.arn,
      group: task.group,
      startedBy: task.startedBy,
      taskDefinitionArn: task.taskDefinition,
      containerInstanceArn: task.instanceArn,
      availabilityZone: task.zone,
      lastStatus: "RUNNING",
      desiredStatus: "RUNNING",
    }));
    expect(truth).toHaveLength(4);
    expect(sortedBy("taskArn", report.tasks)).toMatchObject(sortedBy("taskArn", truth));
  });

  test("sees in ECS the machines that they run on", () => {
    const truth = stage()
      .engine.instances()
      .map(({ arn, ec2InstanceId }) => ({ containerInstanceArn: arn, ec2InstanceId, agentConnected: true }));
    expect(truth).toHaveLength(6);
    expect(sortedBy("ec2InstanceId", report.nodes)).toMatchObject(sortedBy("ec2InstanceId", truth));
  });

  test.for(["hello", "hello-served"])("sees in the table what is wanted of %s, and what is", (name) => {
    const records = report.records[`shop/${name}`] ?? [];
    const sorts = records.map(({ sort }) => sort);
    expect(records).toContainEqual(expect.objectContaining({ sort: "spec", generation: "1" }));
    expect(records).toContainEqual(expect.objectContaining({ sort: "state", generation: "1", tombstone: false }));
    expect(sorts.filter((sort) => sort.startsWith("task#"))).toEqual(
      tasksOf(stage(), name)
        .map(({ arn }) => `task#${idOf(arn)}`)
        .toSorted(),
    );
  });

  test("sees in ELB that the tasks of the one behind it are healthy targets", () => {
    const addresses = tasksOf(stage(), "hello-served").map(({ address }) => address);
    expect(report.targets.map(({ Target }) => Target.Id).toSorted()).toEqual(addresses.toSorted());
    expect(report.targets.map(({ TargetHealth }) => TargetHealth)).toEqual([
      { State: "healthy" },
      { State: "healthy" },
    ]);
  });

  test("is answered by the load balancer as by each task", async () => {
    const answers = await Promise.all(running().map(answerOf));
    expect([report.answer, ...answers]).toEqual(Array(5).fill("hello\n"));
  });
});

function sortedBy(name: string, items: readonly Readonly<Record<string, unknown>>[]) {
  return items.toSorted((a, b) => (String(a[name]) < String(b[name]) ? -1 : 1));
}
