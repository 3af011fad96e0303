import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Stack } from "aws-cdk-lib";
import { describe, expect, test } from "vitest";
import { readOptions } from "../../infra/options.ts";
import type { LongshoreProps } from "../../infra/props.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

describe("an option", () => {
  test.for<{
    name: string;
    context: Record<string, unknown>;
    variables: Record<string, string>;
    props: LongshoreProps;
  }>([
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
  ])("$name comes from context or the environment", ({ context, variables, props }) => {
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

  test.for([
    { name: "zones", context: { zones: 4 }, told: 'zones must be one of 2, 3, got "4"' },
    { name: "capacity", context: { capacity: "spot" }, told: 'capacity must be one of fargate, ec2, got "spot"' },
    {
      name: "number",
      context: { logRetentionDays: "a week" },
      told: 'logRetentionDays must be a number, got "a week"',
    },
    { name: "flag", context: { dashboard: "yes" }, told: 'dashboard must be one of true, false, got "yes"' },
    { name: "subnets", context: { vpc: "v", subnets: "s-1" }, told: 'such as subnet-1=us-east-1a, got "s-1"' },
    { name: "vpc alone", context: { vpc: "v" }, told: "vpc and subnets must be given together, got only vpc" },
    {
      name: "subnets alone",
      context: { subnets: "s-1=a" },
      told: "vpc and subnets must be given together, got only subnets",
    },
    {
      name: "groups alone",
      context: { securityGroups: "sg-1" },
      told: "securityGroups must be given with vpc and subnets",
    },
  ])("is refused that is none: $name", ({ context, told }) => {
    expect(() => propsFrom(context)).toThrow(told);
  });
});

test("every option stands in docs/deploy.md, and no other", () => {
  const asked = new Set<string>();
  const noted = (name: string) => {
    asked.add(name);
    return undefined;
  };
  readOptions(noted, {}).props(new Stack());
  const [, table = ""] = readFileSync(join(root, "docs/deploy.md"), "utf8").split(/^\| Option .*$/m);
  const rows = table.split("\n\n", 1)[0] ?? "";
  const listed = [...rows.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name);
  expect(listed.toSorted()).toEqual([...asked].toSorted());
});

describe("the app", () => {
  test.for([
    { name: "by itself", context: {}, stack: "Longshore", table: "longshore" },
    { name: "configured", context: { stackName: "Shop", install: "shop" }, stack: "Shop", table: "shop" },
  ])("deploys one stack, to any account and region: $name", ({ context, stack, table }) => {
    const outdir = mkdtempSync(join(tmpdir(), "longshore-app-"));
    try {
      const { status, stderr } = spawnSync(process.execPath, ["infra/app.ts"], {
        cwd: root,
        encoding: "utf8",
        env: { PATH: process.env.PATH ?? "", CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: JSON.stringify(context) },
      });
      expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
      const { artifacts } = JSON.parse(readFileSync(join(outdir, "manifest.json"), "utf8"));
      expect(artifacts[stack]).toMatchObject({
        type: "aws:cloudformation:stack",
        environment: "aws://unknown-account/unknown-region",
      });
      const template = readFileSync(join(outdir, `${stack}.template.json`), "utf8");
      expect(template).toContain(`"TableName": "${table}"`);
    } finally {
      rmSync(outdir, { recursive: true });
    }
  });
});

function propsFrom(
  context: Readonly<Record<string, unknown>>,
  environment: Readonly<Record<string, string>> = {},
): LongshoreProps {
  return readOptions((name) => context[name], environment).props(new Stack());
}
