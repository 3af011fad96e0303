import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type LocalCluster, startCluster } from "../../local/cluster.ts";
import { aService, forever } from "../cli/a-cluster.ts";
import { type FakeCloudFormation, startFakeCloudFormation } from "../support/fake-cloudformation.ts";
import { type Action, readAction, runStep } from "./a-runner.ts";

let action: Action;
let cluster: LocalCluster;
let cloudFormation: FakeCloudFormation;
beforeAll(async () => {
  action = await readAction();
  cluster = await startCluster({ port: 0, sweepSeconds: 2, log: { write: () => {} } });
  cloudFormation = await startFakeCloudFormation();
  cloudFormation.stacks.set("Longshore", {
    outputs: {
      LongshoreInstall: "longshore",
      LongshoreRegion: "us-east-1",
      LongshoreTable: cluster.install.table,
      LongshoreCommandsQueueUrl: cluster.install.queues.commands,
      LongshoreCluster: "longshore",
      LongshoreLogGroup: "/longshore/longshore",
    },
  });
});
afterAll(async () => {
  await cloudFormation?.close();
  await cluster?.close();
});

const deploy = (inputs: Readonly<Record<string, string>>, files: Readonly<Record<string, string>> = {}) =>
  runStep(action, "deploy", inputs, {
    files,
    environment: { AWS_ENDPOINT_URL: cluster.endpointUrl, AWS_ENDPOINT_URL_CLOUDFORMATION: cloudFormation.url },
  });

describe("action.yml", () => {
  test("is a composite action that takes a role on only where one is named, and no key", () => {
    expect(action.runs.using).toBe("composite");
    const [used, ...others] = action.runs.steps.filter(({ uses }) => uses !== undefined);
    expect(used?.uses).toMatch(/^aws-actions\/configure-aws-credentials@[0-9a-f]{40}$/);
    expect(used?.if).toBe("inputs.role != ''");
    expect(others).toEqual([]);
    expect(Object.keys(action.inputs).filter((name) => /key|secret|token/.test(name))).toEqual([]);
  });

  test("passes inputs as variables alone: in a script of the shell they would be code", () => {
    expect(action.runs.steps.filter(({ run }) => run?.includes("${{"))).toEqual([]);
  });

  test.for([
    { name: "neither", inputs: {}, code: 0 },
    { name: "a region alone", inputs: { region: "us-east-1" }, code: 0 },
    { name: "both", inputs: { role: "arn:aws:iam::123456789012:role/ci", region: "us-east-1" }, code: 0 },
    { name: "a role alone", inputs: { role: "arn:aws:iam::123456789012:role/ci" }, code: 2 },
  ])("wants a region with a role, before anything else: $name", async ({ inputs, code }) => {
    expect(action.runs.steps[0]?.id).toBe("inputs");
    const ran = await runStep(action, "inputs", inputs);
    expect(ran.code).toBe(code);
    expect(ran.out).toBe(
      code === 0 ? "" : "::error::region must be given with role: that of the install, such as us-east-1\n",
    );
  });

  test("answers with outputs that its step sets", async () => {
    const { outputs } = await deploy({ manifests: "none.yaml" });
    const named = Object.values(action.outputs).map(
      ({ value }) => /steps\.deploy\.outputs\.([a-z-]+)/.exec(value)?.[1],
    );
    expect(Object.keys(outputs).toSorted()).toEqual(named.toSorted());
  });
});

describe("a job that deploys", () => {
  test("waits until the services are live, and tells how they stand", { timeout: 90_000 }, async () => {
    const files = {
      "web.json": aService("web", forever, { replicas: 4 }),
      "worker.json": aService("worker", forever, { replicas: 1 }),
    };
    const ran = await deploy({ manifests: "web.json\nworker.json\n" }, files);
    expect([ran.code, ran.out]).toEqual([0, ""]);
    expect(ran.outputs).toMatchObject({ "exit-code": "0", outcome: "live" });
    expect(JSON.parse(ran.outputs.results ?? "")).toMatchObject([
      { service: "shop/web", outcome: "live", generation: 1 },
      { service: "shop/worker", outcome: "live", generation: 1 },
    ]);
    expect(ran.summary).toMatch(/^## Longshore: live\n\n\| Service \| Outcome \| Generation \| Message \|\n/);
    expect(ran.summary).toContain("| shop/web | live | 1 | generation 1 is live |");
    expect(ran.summary).toContain("### shop/web: live");
    expect(ran.summary).toContain("4 updated, 4 ready, 4 available of 4; 0 older left.");
    expect(ran.summary).toContain("| Progressing | True | Complete | generation 1 is live |");
    expect(ran.summary).toContain("| Available | True |");
  });

  test("fails with the command's own exit code, and says why", { timeout: 90_000 }, async () => {
    const crashing = aService("crash", "process.exit(3)", { rollout: { minReadySeconds: 2 } });
    const ran = await deploy({ manifests: "crash.json" }, { "crash.json": crashing });
    expect([ran.code, ran.outputs["exit-code"], ran.outputs.outcome]).toEqual([4, "4", "failed"]);
    expect(ran.out).toMatch(/^::error::shop\/crash failed: BreakerTripped: .*exit code 3.*\n$/);
    expect(ran.summary).toContain("## Longshore: failed");
    expect(ran.summary).toMatch(/\| Progressing \| False \| BreakerTripped \| .*exit code 3/);
  });

  test("sends nothing where a manifest is invalid, and names every issue", async () => {
    const wrong = aService("web", forever, { replicas: -1, rollout: { maxSurge: "x|y" } });
    const ran = await deploy({ manifests: "web.json" }, { "web.json": wrong });
    expect([ran.code, ran.outputs.outcome, ran.outputs.results]).toEqual([2, "invalid", ""]);
    expect(ran.out).toContain("::error file=web.json::spec.replicas: replicas must be 0 to 5000, got -1\n");
    expect(ran.summary).toContain("| web.json | 1 | spec.replicas | replicas must be 0 to 5000, got -1 |");
    expect(ran.summary).toContain("x&#124;y");
  });

  test("says so where there is no such stack", async () => {
    const ran = await deploy({ manifests: "web.json", stack: "Other" }, { "web.json": aService("web", forever) });
    expect([ran.code, ran.outputs.outcome]).toEqual([3, "fault"]);
    expect(ran.out).toContain('::error::there is no stack "Other"');
    expect(ran.summary).toContain('<pre>error: there is no stack "Other"');
  });

  test("reduces by more than half only when it is meant", { timeout: 60_000 }, async () => {
    const files = { "web.json": aService("web", forever, { replicas: 1 }) };
    const refused = await deploy({ manifests: "web.json" }, files);
    expect([refused.code, refused.outputs.outcome]).toEqual([3, "refused"]);
    expect(refused.summary).toContain("more than half");
    expect((await deploy({ manifests: "web.json", "confirm-reduction": "true" }, files)).code).toBe(0);
  });

  test("gives up at its timeout", { timeout: 60_000 }, async () => {
    const placement = { constraints: [{ attribute: "zone", operator: "in", values: ["nowhere"] }] };
    const files = { "slow.json": aService("slow", forever, { placement }) };
    const ran = await deploy({ manifests: "slow.json", timeout: "2s" }, files);
    expect([ran.code, ran.outputs.outcome]).toEqual([6, "timed out"]);
  });
});
