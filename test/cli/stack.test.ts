import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { Environment } from "../../aws/environment.ts";
import { connect } from "../../cli/connection.ts";
import { run } from "../../cli/program.ts";
import { type LocalCluster, startCluster } from "../../local/cluster.ts";
import { type FakeCloudFormation, startFakeCloudFormation } from "../support/fake-cloudformation.ts";
import { aService, forever } from "./a-cluster.ts";
import { aTerminal } from "./a-terminal.ts";

let cluster: LocalCluster;
let cloudFormation: FakeCloudFormation;
const faults: unknown[] = [];

beforeAll(async () => {
  cluster = await startCluster({
    port: 0,
    sweepSeconds: 2,
    installName: "shops",
    log: { write: (entry) => void (entry.level === "error" && faults.push(entry)) },
  });
  cloudFormation = await startFakeCloudFormation();
});
afterAll(async () => {
  await cloudFormation?.close();
  await cluster?.close();
});
beforeEach(() => {
  cloudFormation.stacks.clear();
  cloudFormation.stacks.set("Shops", { outputs: outputs(), resources });
});

/** What the stack says of the local install, whose name is not the one that a client would guess. */
function outputs(): Readonly<Record<string, string>> {
  return {
    LongshoreInstall: "shops-install",
    LongshoreRegion: "us-east-1",
    LongshoreTable: cluster.install.table,
    LongshoreCommandsQueueUrl: cluster.install.queues.commands,
    LongshoreCluster: "longshore",
    LongshoreLogGroup: "/longshore/shops",
  };
}

const resources = {
  Table: { type: "AWS::DynamoDB::Table", name: "shops", DeletionPolicy: "Retain" },
  Queue: { type: "AWS::SQS::Queue", name: "shops-work" },
  Accept: { type: "AWS::Lambda::Function", name: "shops-accept", DeletionPolicy: "Delete" },
  Logs: { type: "AWS::Logs::LogGroup", name: "/longshore/shops", DeletionPolicy: "RetainExceptOnCreate" },
};

/** A command line with what an operator's shell says of AWS: the cluster, and CloudFormation somewhere else. */
async function longshore(args: readonly string[], more: Environment = {}, input = "") {
  const environment = {
    AWS_ENDPOINT_URL: cluster.endpointUrl,
    AWS_ENDPOINT_URL_CLOUDFORMATION: cloudFormation.url,
    ...more,
  };
  const terminal = aTerminal({ input });
  const session = { ...terminal.session, connect: (options: object) => connect(options, environment) };
  return { code: await run(args, session), ...terminal.text };
}

describe("the install of a stack", () => {
  test.for([
    { name: "named after the command", args: ["get", "services", "--json", "--stack", "Shops"] },
    { name: "named before the command", args: ["--stack", "Shops", "get", "services", "--json"] },
    { name: "named by the environment", args: ["get", "services", "--json"], more: { LONGSHORE_STACK: "Shops" } },
  ])("is found by its outputs: $name", async ({ args, more }) => {
    const { code, out, progress } = await longshore(args, more);
    expect([code, progress]).toEqual([0, ""]);
    expect(JSON.parse(out)).toEqual({ services: [] });
  });

  test("gives way to an install that is named, where only the environment names the stack", async () => {
    const { code, progress } = await longshore(["get", "services", "--install", "none"], { LONGSHORE_STACK: "Shops" });
    expect([code, progress]).toEqual([1, expect.stringContaining('there is no install "none"')]);
  });

  test("is told when its table is gone", async () => {
    cloudFormation.stacks.set("Shops", { outputs: { ...outputs(), LongshoreTable: "gone" } });
    const { code, progress } = await longshore(["get", "services", "--stack", "Shops"]);
    expect([code, progress]).toEqual([
      1,
      expect.stringContaining('stack "Shops" names it, and its table or its queue is'),
    ]);
  });
});

describe("what keeps an install from being found is told, and what to do", () => {
  test.for([
    {
      name: "no such stack",
      args: ["--stack", "Shop"],
      code: 3,
      says: () => `there is no stack "Shop" at ${cluster.endpointUrl}; look at the name, the region and the account`,
    },
    {
      name: "a stack of somebody else",
      stack: { outputs: { BucketName: "x" } },
      says: 'stack "Shops" is not one of Longshore: it has no output LongshoreInstall, LongshoreRegion, LongshoreTable',
    },
    {
      name: "a stack of an earlier or later Longshore, which lacks one",
      stack: () => ({ outputs: { ...outputs(), LongshoreCluster: "" } }),
      says: "it has no output LongshoreCluster; name the stack that holds the construct Longshore",
    },
    {
      name: "a stack that is being made",
      stack: { status: "CREATE_IN_PROGRESS" },
      says: 'stack "Shops" is CREATE_IN_PROGRESS: it has no install to talk to',
    },
    {
      name: "both a stack and an install",
      args: ["--stack", "Shops", "--install", "shops"],
      code: 2,
      says: "--stack and --install both say which install is meant; name one of them",
    },
    {
      name: "a cluster of longshore dev, which has no CloudFormation",
      more: () => ({ AWS_ENDPOINT_URL_CLOUDFORMATION: cluster.endpointUrl }),
      says: () => `there is no CloudFormation at ${cluster.endpointUrl}; a cluster of \`longshore dev\` is no stack`,
    },
    {
      name: "nobody at the endpoint",
      more: () => ({ AWS_ENDPOINT_URL: "http://127.0.0.1:1", AWS_ENDPOINT_URL_CLOUDFORMATION: undefined }),
      says: "no cluster answers at http://127.0.0.1:1; start one with `longshore dev`",
    },
  ])("$name", async ({ args = ["--stack", "Shops"], stack, more, code = 1, says }) => {
    if (stack) cloudFormation.stacks.set("Shops", typeof stack === "function" ? stack() : stack);
    const ended = await longshore(["get", "services", ...args], more?.());
    expect([ended.code, ended.out]).toEqual([code, ""]);
    expect(ended.progress).toContain(typeof says === "function" ? says() : says);
  });

  test.for([
    { code: "AccessDenied", says: 'you may not cloudformation:DescribeStacks on "Shops"; grant it, or' },
    { code: "ExpiredToken", says: "have expired; set AWS_PROFILE" },
    { code: "InvalidClientTokenId", says: "(InvalidClientTokenId); set AWS_PROFILE, or" },
  ])("$code", async ({ code, says }) => {
    const refusing = await startFakeCloudFormation();
    refusing.refuseWith(code);
    const environment = { AWS_ENDPOINT_URL_CLOUDFORMATION: refusing.url };
    const { progress } = await longshore(["get", "services", "--stack", "Shops"], environment);
    await refusing.close();
    expect(progress).toContain(says);
  });
});

describe("an operator's machine that knows nothing of AWS", () => {
  beforeEach(() => {
    for (const name of ["AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID"])
      vi.stubEnv(name, undefined);
    vi.stubEnv("AWS_CONFIG_FILE", "/nowhere/config");
    vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere/credentials");
    vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
  });
  afterEach(() => vi.unstubAllEnvs());

  test.for([
    {
      name: "no region",
      environment: {},
      code: 2,
      says: "AWS_REGION must be the name of a region, got nothing; set it, or --endpoint",
    },
    {
      name: "no credentials",
      environment: { AWS_REGION: "eu-west-1" },
      code: 1,
      says: "there are no credentials for AWS in eu-west-1; set AWS_PROFILE, or AWS_ACCESS_KEY_ID and",
    },
  ])("is told: $name", async ({ environment, code, says }) => {
    const { session, text } = aTerminal();
    const line = ["get", "services", "--stack", "Shops"];
    const ended = await run(line, { ...session, connect: (options) => connect(options, environment) });
    expect([ended, text.progress]).toEqual([code, expect.stringContaining(says)]);
  });
});

describe("uninstall", () => {
  const service = aService("web", forever, { replicas: 2 });

  test("stops nothing unless asked, and says what becomes of tasks, how to go on and what stays", async () => {
    expect((await longshore(["apply", "-f", "-", "--wait", "--stack", "Shops"], {}, service)).code).toBe(0);
    const { code, out, progress } = await longshore(["uninstall", "--stack", "Shops"]);
    expect([code, progress]).toEqual([0, ""]);
    expect(out).toBe(
      [
        "stack Shops in us-east-1 deployed install shops-install: 1 service, 2 tasks",
        "",
        "Tasks keep running when the stack is deleted. Nobody replaces one that fails any more, scales, drains or stops it.",
        "To stop them all, and delete their services, before that:",
        "  longshore uninstall --stack Shops --stop-tasks",
        "",
        "Delete the stack, with all that it holds, in either way:",
        "  npx cdk destroy Shops",
        "  aws cloudformation delete-stack --stack-name Shops --region us-east-1",
        "",
        "These stay then; delete each by hand once nobody needs it:",
        "  AWS::DynamoDB::Table  shops",
        "  AWS::Logs::LogGroup   /longshore/shops",
        "",
      ].join("\n"),
    );
    expect(running()).toBe(2);
  });

  test("asks before it stops tasks", async () => {
    const { code, progress } = await longshore(["uninstall", "--stack", "Shops", "--stop-tasks"]);
    expect([code, progress]).toEqual([2, expect.stringContaining("nobody is there to be asked")]);
    expect(running()).toBe(2);
  });

  test("deletes every service, waits until their tasks are gone, and only then says how to go on", async () => {
    const { code, out, progress } = await longshore(["uninstall", "--stack", "Shops", "--stop-tasks", "--yes"]);
    expect(code).toBe(0);
    expect(progress).toMatch(/0 of 1 services are gone; shop\/web: .*\n/);
    expect(progress).toMatch(/shop\/web {2}deleted: nothing is left of it\n$/);
    expect(out).toMatch(/^stack Shops in us-east-1 deployed install shops-install: 0 services, 0 tasks\n\nDelete the/);
    expect(running()).toBe(0);
  });

  test("answers with one document", async () => {
    const { out } = await longshore(["uninstall", "--stack", "Shops", "--stop-tasks", "--json"]);
    expect(JSON.parse(out)).toEqual({
      stack: "Shops",
      install: "shops-install",
      region: "us-east-1",
      services: 0,
      tasks: 0,
      stays: [
        { type: "AWS::DynamoDB::Table", name: "shops" },
        { type: "AWS::Logs::LogGroup", name: "/longshore/shops" },
      ],
      remove: ["npx cdk destroy Shops", "aws cloudformation delete-stack --stack-name Shops --region us-east-1"],
      results: [],
    });
  });

  test("needs a stack", async () => {
    const { code, progress } = await longshore(["uninstall", "--install", "shops"]);
    expect([code, progress]).toEqual([
      2,
      expect.stringContaining("uninstall needs the stack of the install: --stack NAME"),
    ]);
  });

  test("and no handler failed meanwhile", () => expect(faults).toEqual([]));
});

function running(): number {
  return cluster.engine.tasks().filter(({ lastStatus }) => lastStatus === "RUNNING").length;
}
