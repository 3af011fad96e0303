import { Key } from "aws-cdk-lib/aws-kms";
import { Topic } from "aws-cdk-lib/aws-sns";
import type { Construct } from "constructs";
import type { LongshoreProps, TaskNetwork } from "./props.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** What the app deploys: a stack of that name, with an install that has these props. */
export interface Options {
  readonly stackName: string;
  /** Props that name other resources need a scope to stand in. */
  readonly props: (scope: Construct) => LongshoreProps;
}

/**
 * Reads the options of the app, each from CDK's context (`-c cluster=apps`) or, where that lacks it, from the environment
 * (`LONGSHORE_CLUSTER=apps`): docs/deploy.md lists them.
 * @throws Error naming an option that is malformed, its value and what is allowed.
 */
export function readOptions(context: (name: string) => unknown, environment: Environment): Options {
  const text = (name: string) => textOf(context(name)) ?? (environment[variableOf(name)] || undefined);
  const list = (name: string) =>
    text(name)
      ?.split(",")
      .map((each) => each.trim())
      .filter((each) => each !== "");
  const number = (name: string) => numberOf(name, text(name));
  const flag = (name: string) => flagOf(name, text(name));
  const capacity = oneOf("capacity", ["fargate", "ec2"], text("capacity"));
  const zones = oneOf("zones", ["2", "3"], text("zones"));
  const network = networkFrom(text, list, flag);
  const [key, alarmsTopic] = [text("key"), text("alarmsTopic")];
  const [services, tasks] = [number("namespaceServices"), number("namespaceTasks")];
  const [reads, writes] = [number("tableReads"), number("tableWrites")];
  return {
    stackName: text("stackName") ?? "Longshore",
    props: (scope) =>
      defined({
        install: text("install"),
        administrators: list("administrators"),
        cluster: text("cluster"),
        network,
        zones: zones === undefined ? undefined : zones === "3" ? 3 : 2,
        capacity,
        accountShare: number("accountShare"),
        namespaceLimits: defined({ services, tasks }),
        tableLimits: defined({ reads, writes }),
        taskRoles: list("taskRoles"),
        targetGroups: list("targetGroups"),
        backlogQueues: list("backlogQueues"),
        repositories: list("repositories"),
        secrets: list("secrets"),
        secretKeys: list("secretKeys"),
        environmentFiles: list("environmentFiles"),
        exec: flag("exec"),
        key: key === undefined ? undefined : Key.fromKeyArn(scope, "Key", key),
        logRetentionDays: number("logRetentionDays"),
        alarmsTopic: alarmsTopic === undefined ? undefined : Topic.fromTopicArn(scope, "AlarmsTopic", alarmsTopic),
        singleAlarms: flag("singleAlarms"),
        dashboard: flag("dashboard"),
      }),
  };
}

type Reader<Value> = (name: string) => Value | undefined;

/** A network is given whole or not at all. */
function networkFrom(
  text: Reader<string>,
  list: Reader<readonly string[]>,
  flag: Reader<boolean>,
): TaskNetwork | undefined {
  const [vpcId, subnets] = [text("vpc"), list("subnets")];
  const groups = { securityGroups: list("securityGroups"), publicIp: flag("publicIp") };
  if (vpcId === undefined && subnets === undefined) {
    const alone = Object.entries(groups).find(([, value]) => value !== undefined);
    if (alone) throw new Error(`${alone[0]} must be given with vpc and subnets, or not at all`);
    return undefined;
  }
  if (vpcId === undefined || subnets === undefined)
    throw new Error(`vpc and subnets must be given together, got only ${vpcId === undefined ? "subnets" : "vpc"}`);
  return {
    vpcId,
    subnets: Object.fromEntries(subnets.map(subnetOf)),
    ...defined(groups),
  };
}

function subnetOf(entry: string): readonly [string, string] {
  const [, subnet, zone] = /^([^=]+)=([^=]+)$/.exec(entry) ?? [];
  if (subnet && zone) return [subnet, zone];
  throw new Error(
    `subnets must be subnets with their zones, such as subnet-1=us-east-1a, got ${JSON.stringify(entry)}`,
  );
}

/** `logRetentionDays` → `LONGSHORE_LOG_RETENTION_DAYS` */
function variableOf(name: string): string {
  return `LONGSHORE_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

/** Context from the command line is text; in cdk.json it may be a number, a truth value or a list. */
function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  return Array.isArray(value) ? value.join(",") : String(value);
}

function numberOf(name: string, text: string | undefined): number | undefined {
  if (text === undefined || Number.isFinite(Number(text))) return text === undefined ? undefined : Number(text);
  throw new Error(`${name} must be a number, got ${JSON.stringify(text)}`);
}

function flagOf(name: string, text: string | undefined): boolean | undefined {
  const value = oneOf(name, ["true", "false"], text);
  return value === undefined ? undefined : value === "true";
}

function oneOf<Value extends string>(
  name: string,
  values: readonly Value[],
  text: string | undefined,
): Value | undefined {
  const known = values.find((value) => value === text);
  if (text === undefined || known !== undefined) return known;
  throw new Error(`${name} must be one of ${values.join(", ")}, got ${JSON.stringify(text)}`);
}

/** Without what is undefined. */
function defined<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as never;
}
