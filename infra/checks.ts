import { Token } from "aws-cdk-lib";
import type { LongshoreProps } from "./props.ts";

/** Numbers of days that CloudWatch Logs keeps lines for. */
const retentions = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

interface Check {
  readonly name: string;
  readonly allowed: string;
  readonly values: (props: LongshoreProps) => readonly unknown[];
  readonly holds: (value: unknown) => boolean;
}

const matches = (pattern: RegExp) => (value: unknown) => typeof value === "string" && pattern.test(value);
const isWhole = (min: number, max: number) => (value: unknown) =>
  Number.isInteger(value) && Number(value) >= min && Number(value) <= max;

/** The props that are lists of ARNs: of what, and how that service's ARNs go on. `*` stands for any part, and for all of it. */
const arns = [
  { name: "taskRoles", of: "IAM roles", resource: "iam:(.*:)?(role/.|[*])" },
  { name: "targetGroups", of: "target groups", resource: "elasticloadbalancing:(.*:)?(targetgroup/.|[*])" },
  { name: "backlogQueues", of: "SQS queues", resource: "sqs:." },
  { name: "repositories", of: "ECR repositories", resource: "ecr:(.*:)?(repository/.|[*])" },
  {
    name: "secrets",
    of: "Secrets Manager secrets and SSM parameters",
    resource: "(secretsmanager:(.*:)?(secret:.|[*])|ssm:(.*:)?(parameter/.|[*]))",
  },
  { name: "secretKeys", of: "KMS keys", resource: "kms:(.*:)?(key/.|[*])" },
  { name: "environmentFiles", of: "S3 objects", resource: "s3:::([^/]+/.|[*])" },
] as const;

/** What each prop may be. A value that only deployment tells is not looked at. */
const checks: readonly Check[] = [
  {
    name: "install",
    allowed: "1 to 20 of a-z, 0-9 and -, beginning with a letter",
    values: ({ install }) => [install],
    holds: matches(/^[a-z][a-z0-9-]{0,19}$/),
  },
  {
    name: "administrators",
    allowed: "the unique ids of roles (AROA…) and users (AIDA…): 1 to 128 of A-Z, a-z, 0-9, _, . and -",
    values: ({ administrators = [] }) => administrators,
    holds: matches(/^[A-Za-z0-9_.-]{1,128}$/),
  },
  {
    name: "accountShare",
    allowed: "0.01 to 1",
    values: ({ accountShare }) => [accountShare],
    holds: (value) => Number(value) >= 0.01 && Number(value) <= 1,
  },
  {
    name: "namespaceLimits.services",
    allowed: "1 to 500",
    values: ({ namespaceLimits }) => [namespaceLimits?.services],
    holds: isWhole(1, 500),
  },
  {
    name: "namespaceLimits.tasks",
    allowed: "1 to 100000",
    values: ({ namespaceLimits }) => [namespaceLimits?.tasks],
    holds: isWhole(1, 100_000),
  },
  {
    name: "tableLimits.reads",
    allowed: "1 to 40000 units a second",
    values: ({ tableLimits }) => [tableLimits?.reads],
    holds: isWhole(1, 40_000),
  },
  {
    name: "tableLimits.writes",
    allowed: "1 to 40000 units a second",
    values: ({ tableLimits }) => [tableLimits?.writes],
    holds: isWhole(1, 40_000),
  },
  {
    name: "logRetentionDays",
    allowed: `one of ${retentions.join(", ")}`,
    values: ({ logRetentionDays }) => [logRetentionDays],
    holds: (value) => retentions.includes(Number(value)),
  },
  {
    name: "network.subnets",
    allowed: "at least one subnet with its zone",
    values: ({ network }) => [network?.subnets],
    holds: (value) => Object.keys(value as object).length > 0,
  },
  ...arns.map(
    ({ name, of, resource }): Check => ({
      name,
      allowed: `ARNs of ${of}`,
      values: ({ [name]: given = [] }) => given,
      holds: matches(new RegExp(`^arn:[^:]+:${resource}`)),
    }),
  ),
];

/** What is wrong with props, a sentence each: the prop, its value and what is allowed. */
export function issuesOf(props: LongshoreProps): readonly string[] {
  return checks.flatMap(({ name, allowed, values, holds }) =>
    values(props)
      .filter((value) => value !== undefined && !Token.isUnresolved(value) && !holds(value))
      .map((value) => `${name} must be ${allowed}, got ${JSON.stringify(value)}`),
  );
}

/** @throws Error naming every prop that is malformed, its value and what is allowed. */
export function checkProps(props: LongshoreProps): void {
  const issues = issuesOf(props);
  if (issues.length > 0) throw new Error(`Longshore cannot be deployed so: ${issues.join("; ")}`);
}
