import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Stack } from "aws-cdk-lib";
import { describe, expect, onTestFinished, test } from "vitest";
import { optionNames, readOptions } from "../../infra/options.ts";
import type { LongshoreProps } from "../../infra/props.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

interface Row {
  readonly name: string;
  readonly context: Readonly<Record<string, unknown>>;
  readonly variables: Readonly<Record<string, string>>;
  readonly props: LongshoreProps;
}

const rows: readonly Row[] = [
  {
    name: "install",
    context: { install: "shop" },
    variables: { LONGSHORE_INSTALL: "shop" },
    props: { install: "shop" },
  },
  {
    name: "administrators",
    context: { administrators: "AROA1, AIDA2" },
    variables: { LONGSHORE_ADMINISTRATORS: "AROA1,AIDA2" },
    props: { administrators: ["AROA1", "AIDA2"] },
  },
  {
    name: "cluster",
    context: { cluster: "apps" },
    variables: { LONGSHORE_CLUSTER: "apps" },
    props: { cluster: "apps" },
  },
  {
    name: "network",
    context: { vpc: "vpc-1", subnets: "s-1=a,s-2=b", securityGroups: "sg-1", publicIp: true },
    variables: {
      LONGSHORE_VPC: "vpc-1",
      LONGSHORE_SUBNETS: "s-1=a,s-2=b",
      LONGSHORE_SECURITY_GROUPS: "sg-1",
      LONGSHORE_PUBLIC_IP: "true",
    },
    props: {
      network: { vpcId: "vpc-1", subnets: { "s-1": "a", "s-2": "b" }, securityGroups: ["sg-1"], publicIp: true },
    },
  },
  { name: "zones", context: { zones: 3 }, variables: { LONGSHORE_ZONES: "3" }, props: { zones: 3 } },
  {
    name: "capacity",
    context: { capacity: "ec2" },
    variables: { LONGSHORE_CAPACITY: "ec2" },
    props: { capacity: "ec2" },
  },
  {
    name: "share",
    context: { accountShare: 0.2 },
    variables: { LONGSHORE_ACCOUNT_SHARE: "0.2" },
    props: { accountShare: 0.2 },
  },
  {
    name: "limits of namespaces",
    context: { namespaceServices: 3, namespaceTasks: 30 },
    variables: { LONGSHORE_NAMESPACE_SERVICES: "3", LONGSHORE_NAMESPACE_TASKS: "30" },
    props: { namespaceLimits: { services: 3, tasks: 30 } },
  },
  {
    name: "limits of the table",
    context: { tableReads: 4, tableWrites: 2 },
    variables: { LONGSHORE_TABLE_READS: "4", LONGSHORE_TABLE_WRITES: "2" },
    props: { tableLimits: { reads: 4, writes: 2 } },
  },
  {
    name: "what is named by ARN",
    context: {
      taskRoles: ["r1", "r2"],
      targetGroups: "t",
      backlogQueues: "q",
      repositories: "i",
      secrets: "s",
      secretKeys: "k",
      environmentFiles: "e",
    },
    variables: {
      LONGSHORE_TASK_ROLES: "r1,r2",
      LONGSHORE_TARGET_GROUPS: "t",
      LONGSHORE_BACKLOG_QUEUES: "q",
      LONGSHORE_REPOSITORIES: "i",
      LONGSHORE_SECRETS: "s",
      LONGSHORE_SECRET_KEYS: "k",
      LONGSHORE_ENVIRONMENT_FILES: "e",
    },
    props: {
      taskRoles: ["r1", "r2"],
      targetGroups: ["t"],
      backlogQueues: ["q"],
      repositories: ["i"],
      secrets: ["s"],
      secretKeys: ["k"],
      environmentFiles: ["e"],
    },
  },
  {
    name: "retention",
    context: { logRetentionDays: 7 },
    variables: { LONGSHORE_LOG_RETENTION_DAYS: "7" },
    props: { logRetentionDays: 7 },
  },
  {
    name: "what is opted into",
    context: { exec: true, singleAlarms: "true", dashboard: false },
    variables: { LONGSHORE_EXEC: "true", LONGSHORE_SINGLE_ALARMS: "true", LONGSHORE_DASHBOARD: "false" },
    props: { exec: true, singleAlarms: true, dashboard: false },
  },
];

describe("an option", () => {
  test.for(rows)("$name comes from context or the environment", ({ context, variables, props }) => {
    const limits = { namespaceLimits: {}, tableLimits: {} };
    expect(propsFrom(context)).toEqual({ ...limits, ...props });
    expect(propsFrom({}, variables)).toEqual({ ...limits, ...props });
  });

  test("of the context comes before one of the environment", () => {
    expect(propsFrom({ install: "shop" }, { LONGSHORE_INSTALL: "other" })).toMatchObject({ install: "shop" });
  });

  test("that is not given is left to its default", () => {
    expect(propsFrom({ install: "" }, { LONGSHORE_CLUSTER: "" })).toEqual({ namespaceLimits: {}, tableLimits: {} });
  });

  test("names a key and a topic by ARN", () => {
    const { key, alarmsTopic } = propsFrom({
      key: "arn:aws:kms:eu-west-1:111122223333:key/1",
      alarmsTopic: "arn:aws:sns:eu-west-1:111122223333:alarms",
    });
    expect(key?.keyArn).toBe("arn:aws:kms:eu-west-1:111122223333:key/1");
    expect(alarmsTopic?.topicName).toBe("alarms");
  });

  test("named stack is no prop", () => {
    const { stack, props } = readOptions({}, { LONGSHORE_STACK: "Shops" });
    expect(stack).toBe("Shops");
    expect(props(new Stack())).not.toHaveProperty("stack");
    expect(readOptions({}, {}).stack).toBe("Longshore");
  });

  test("that is read has a row here", () => {
    const inRows = rows.flatMap(({ context }) => Object.keys(context));
    expect([...inRows, "stack", "key", "alarmsTopic"].toSorted()).toEqual(optionNames.toSorted());
  });

  test.for<{ name: string; context: Record<string, unknown>; told: readonly string[] }>([
    {
      name: "stack",
      context: { stack: "Shop_1" },
      told: ['stack must be 1 to 128 of A-Z, a-z, 0-9 and -, beginning with a letter, got "Shop_1"'],
    },
    { name: "zones", context: { zones: 4 }, told: ['zones must be one of 2, 3, got "4"'] },
    { name: "capacity", context: { capacity: "spot" }, told: ['capacity must be one of fargate, ec2, got "spot"'] },
    {
      name: "number",
      context: { logRetentionDays: "a week" },
      told: ['logRetentionDays must be a number, got "a week"'],
    },
    { name: "flag", context: { dashboard: "yes" }, told: ['dashboard must be one of true, false, got "yes"'] },
    {
      name: "key",
      context: { key: "arn:aws:kms:eu-west-1:111122223333:alias/a" },
      told: ['key must be the ARN of a KMS key, got "arn:aws:kms:eu-west-1:111122223333:alias/a"'],
    },
    {
      name: "topic",
      context: { alarmsTopic: "alarms" },
      told: ['alarmsTopic must be the ARN of an SNS topic, got "alarms"'],
    },
    {
      name: "subnets",
      context: { vpc: "v", subnets: "s-1=a,s-2" },
      told: ['subnets must be subnets with their zones, such as subnet-1=us-east-1a, got "s-1=a,s-2"'],
    },
    {
      name: "no subnets",
      context: { vpc: "v", subnets: "," },
      told: ['subnets must be subnets with their zones, such as subnet-1=us-east-1a, got ","'],
    },
    {
      name: "vpc alone",
      context: { vpc: "v" },
      told: ["vpc and subnets must be given together, got only vpc"],
    },
    {
      name: "subnets alone",
      context: { subnets: "s-1=a" },
      told: ["vpc and subnets must be given together, got only subnets"],
    },
    {
      name: "groups and addresses alone",
      context: { securityGroups: "sg-1", publicIp: true },
      told: [
        "securityGroups must be given with vpc and subnets, or not at all",
        "publicIp must be given with vpc and subnets, or not at all",
      ],
    },
    {
      name: "all at once",
      context: { zones: 4, capcity: "ec2", capacity: "spot" },
      told: [
        "capcity is no option; did you mean capacity?",
        'zones must be one of 2, 3, got "4"',
        'capacity must be one of fargate, ec2, got "spot"',
      ],
    },
  ])("is refused that is none: $name", ({ context, told }) => {
    const { issues, props } = readOptions(context, {});
    expect(issues).toEqual(told);
    expect(() => props(new Stack())).not.toThrow();
  });
});

describe("a name in the context", () => {
  test.for([
    { name: "administrator", told: ["administrator is no option; did you mean administrators?"] },
    { name: "capcity", told: ["capcity is no option; did you mean capacity?"] },
    { name: "stackName", told: ["stackName is no option; did you mean stack?"] },
    { name: "publicIP", told: ["publicIP is no option; did you mean publicIp?"] },
    { name: "tableread", told: ["tableread is no option; did you mean tableReads?"] },
    { name: "retention", told: ["retention is no option; docs/deploy.md lists them"] },
    { name: "x", told: ["x is no option; docs/deploy.md lists them"] },
    { name: "aws:cdk:bundling-stacks", told: [] },
    { name: "@aws-cdk/core:stackRelativeExports", told: [] },
    { name: "cli-telemetry", told: [] },
    { name: "availability-zones:account=111122223333:region=eu-west-1", told: [] },
  ])("that is a plain word has to be an option: $name", ({ name, told }) => {
    expect(readOptions({ [name]: "x" }, {}).issues).toEqual(told);
  });
});

describe("the app", () => {
  test.for([
    { name: "by itself", context: {}, stack: "Longshore", table: "longshore" },
    { name: "configured", context: { stack: "Shop", install: "shop" }, stack: "Shop", table: "shop" },
  ])("deploys one stack, to any account and region: $name", ({ context, stack, table }) => {
    const { status, stderr, outdir } = runApp(context);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const { artifacts } = JSON.parse(readFileSync(join(outdir, "manifest.json"), "utf8"));
    expect(artifacts[stack]).toMatchObject({
      type: "aws:cloudformation:stack",
      environment: "aws://unknown-account/unknown-region",
    });
    const template = readFileSync(join(outdir, `${stack}.template.json`), "utf8");
    expect(template).toContain(`"TableName": "${table}"`);
  });

  test("says everything that is wrong, a line each, and deploys nothing", () => {
    const { status, stderr, outdir } = runApp({
      administrator: "AROA1",
      zones: 4,
      tableReads: 0,
      taskRoles: ["arn:aws:s3:::x"],
    });
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: [
        "Longshore cannot be deployed so:",
        "administrator is no option; did you mean administrators?",
        'zones must be one of 2, 3, got "4"',
        "tableLimits.reads must be 1 to 40000 units a second, got 0",
        'taskRoles must be ARNs of IAM roles, got "arn:aws:s3:::x"',
        "",
      ].join("\n"),
    });
    expect(existsSync(join(outdir, "manifest.json"))).toBe(false);
  });
});

/** The app as the CDK's command runs it. */
function runApp(context: Readonly<Record<string, unknown>>) {
  const outdir = mkdtempSync(join(tmpdir(), "longshore-app-"));
  onTestFinished(() => rmSync(outdir, { recursive: true }));
  const { status, stderr } = spawnSync(process.execPath, ["infra/app.ts"], {
    cwd: root,
    encoding: "utf8",
    env: { PATH: process.env.PATH ?? "", CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: JSON.stringify(context) },
  });
  return { status, stderr, outdir };
}

function propsFrom(
  context: Readonly<Record<string, unknown>>,
  environment: Readonly<Record<string, string>> = {},
): LongshoreProps {
  const { props, issues } = readOptions(context, environment);
  expect(issues).toEqual([]);
  return props(new Stack());
}
