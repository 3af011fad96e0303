import { Key } from "aws-cdk-lib/aws-kms";
import { Topic } from "aws-cdk-lib/aws-sns";
import type { Construct } from "constructs";
import { flag, type Kind, list, matching, number, oneOf, text, zonesBySubnet } from "./option-kinds.ts";
import type { LongshoreProps, TaskNetwork } from "./props.ts";
import { unknownOptions } from "./unknown-options.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** What the app deploys: a stack of that name, with an install that has these props. */
export interface Options {
  readonly stack: string;
  /** Props that name other resources need a scope to stand in. What is malformed is left out. */
  readonly props: (scope: Construct) => LongshoreProps;
  /** What is wrong, a sentence each: nothing is to be deployed unless it is empty. */
  readonly issues: readonly string[];
}

/** The options, as docs/deploy.md lists them. */
const kinds = {
  stack: matching(/^[A-Za-z][A-Za-z0-9-]{0,127}$/, "1 to 128 of A-Z, a-z, 0-9 and -, beginning with a letter"),
  install: text,
  administrators: list,
  cluster: text,
  vpc: text,
  subnets: zonesBySubnet,
  securityGroups: list,
  publicIp: flag,
  zones: oneOf([2, 3]),
  capacity: oneOf(["fargate", "ec2"]),
  accountShare: number,
  namespaceServices: number,
  namespaceTasks: number,
  tableReads: number,
  tableWrites: number,
  taskRoles: list,
  targetGroups: list,
  backlogQueues: list,
  repositories: list,
  secrets: list,
  secretKeys: list,
  environmentFiles: list,
  exec: flag,
  key: matching(/^arn:[^:]+:kms:[^:]+:[^:]+:key\/./, "the ARN of a KMS key"),
  logRetentionDays: number,
  alarmsTopic: matching(/^arn:[^:]+:sns:[^:]+:[^:]+:[^:]+$/, "the ARN of an SNS topic"),
  singleAlarms: flag,
  dashboard: flag,
} satisfies Readonly<Record<string, Kind<unknown>>>;

type Name = keyof typeof kinds;
/** What was given, read. */
type Given = { readonly [Each in Name]?: Exclude<ReturnType<(typeof kinds)[Each]["read"]>, undefined> };

/** Names of the options. */
export const optionNames = Object.keys(kinds) as readonly Name[];

/**
 * Reads the options of the app, each from CDK's context (`-c cluster=apps`) or, where that lacks it, from the environment
 * (`LONGSHORE_CLUSTER=apps`). Every word of the context has to be an option.
 */
export function readOptions(context: Readonly<Record<string, unknown>>, environment: Environment): Options {
  const readings = optionNames.flatMap((name) => {
    const found = textOf(context[name]) ?? (environment[variableOf(name)] || undefined);
    return found === undefined ? [] : [{ name, found, value: kinds[name].read(found) }];
  });
  const malformed = readings.filter(({ value }) => value === undefined);
  const given: Given = Object.fromEntries(
    readings.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]])),
  );
  return {
    stack: given.stack ?? "Longshore",
    props: (scope) => propsFrom(scope, given),
    issues: [
      ...unknownOptions(Object.keys(context), optionNames),
      ...malformed.map(({ name, found }) => `${name} must be ${kinds[name].allowed}, got ${JSON.stringify(found)}`),
      ...networkIssues(new Set(readings.map(({ name }) => name))),
    ],
  };
}

/** A network is given whole or not at all. */
function networkIssues(given: ReadonlySet<Name>): readonly string[] {
  const [vpc, subnets] = [given.has("vpc"), given.has("subnets")];
  if (vpc !== subnets) return [`vpc and subnets must be given together, got only ${vpc ? "vpc" : "subnets"}`];
  const alone = vpc ? [] : (["securityGroups", "publicIp"] as const).filter((name) => given.has(name));
  return alone.map((name) => `${name} must be given with vpc and subnets, or not at all`);
}

/** Most options are the prop of that name. */
function propsFrom(scope: Construct, given: Given): LongshoreProps {
  const { stack, vpc, subnets, securityGroups, publicIp, key, alarmsTopic, ...others } = given;
  const { namespaceServices, namespaceTasks, tableReads, tableWrites, ...props } = others;
  const network: TaskNetwork | undefined =
    vpc === undefined || subnets === undefined
      ? undefined
      : { vpcId: vpc, subnets, ...defined({ securityGroups, publicIp }) };
  return {
    ...props,
    ...defined({ network }),
    namespaceLimits: defined({ services: namespaceServices, tasks: namespaceTasks }),
    tableLimits: defined({ reads: tableReads, writes: tableWrites }),
    ...(key !== undefined && { key: Key.fromKeyArn(scope, "Key", key) }),
    ...(alarmsTopic !== undefined && { alarmsTopic: Topic.fromTopicArn(scope, "AlarmsTopic", alarmsTopic) }),
  };
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

/** Without what is undefined. */
function defined<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as never;
}
