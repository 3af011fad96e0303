import { expect, test } from "vitest";
import { issuesWith } from "../../support/issues.ts";

const at = "spec.task.containers[0].logs";
const secret = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:splunk";
const group = { "awslogs-group": "/g", "awslogs-region": "eu-west-1" };
const prefix = { "awslogs-stream-prefix": "p" };
const capacity = (type: string) => ({ "spec.placement.capacity": [{ type }] });

interface Row {
  readonly name: string;
  readonly driver?: string;
  readonly options?: unknown;
  readonly secretOptions?: unknown;
  readonly changes?: Record<string, unknown>;
  readonly issues: readonly unknown[];
}

test.for<Row>([
  { name: "a group and a region", options: group, issues: [] },
  {
    name: "neither",
    options: {},
    issues: [
      `${at}.options.awslogs-group: awslogs-group is required by awslogs`,
      `${at}.options.awslogs-region: awslogs-region is required by awslogs`,
    ],
  },
  {
    name: "options that could not be read",
    options: 1,
    issues: [expect.stringContaining(`${at}.options: `)],
  },
  {
    name: "an option that could not be read",
    options: { ...group, "awslogs-region": 1 },
    issues: [expect.stringContaining(`${at}.options.awslogs-region: `)],
  },
  { name: "no prefix on EC2", options: group, changes: capacity("ec2"), issues: [] },
  { name: "a prefix on Fargate", options: { ...group, ...prefix }, changes: capacity("fargate"), issues: [] },
  {
    name: "no prefix on Fargate",
    options: group,
    changes: capacity("fargate"),
    issues: [`${at}.options.awslogs-stream-prefix: awslogs-stream-prefix is required by awslogs on fargate`],
  },
  {
    name: "no group on Fargate",
    options: { "awslogs-region": "eu-west-1", ...prefix },
    changes: capacity("fargate"),
    issues: [`${at}.options.awslogs-group: awslogs-group is required by awslogs on fargate`],
  },
  {
    name: "options that every driver has",
    options: { ...group, mode: "non-blocking", "max-buffer-size": "25m", tag: "a" },
    issues: [],
  },
  {
    name: "an option of another driver",
    options: { ...group, log_key: "log", model: "x", "x-max-buffer-size": "1" },
    issues: ["log_key", "model", "x-max-buffer-size"].map(
      (name) =>
        `${at}.options.${name}: ${name} is no option of awslogs; its options are awslogs-…, mode and max-buffer-size`,
    ),
  },
  {
    name: "any option of a driver that we do not know by heart",
    driver: "fluentd",
    options: { "fluentd-address": "x", log_key: "log" },
    issues: [],
  },
  { name: "one way to tell lines apart", options: { ...group, "awslogs-multiline-pattern": "^x" }, issues: [] },
  { name: "another way to tell lines apart", options: { ...group, "awslogs-datetime-format": "%Y" }, issues: [] },
  {
    name: "two ways to tell lines apart",
    options: { ...group, "awslogs-multiline-pattern": "^x", "awslogs-datetime-format": "%Y" },
    issues: [
      `${at}.options.awslogs-multiline-pattern: awslogs-multiline-pattern must not stand beside awslogs-datetime-format`,
    ],
  },
  {
    name: "splunk's token as a reference",
    driver: "splunk",
    options: { "splunk-url": "https://s" },
    secretOptions: { "splunk-token": secret },
    changes: capacity("fargate"),
    issues: [],
  },
  {
    name: "splunk without token and address",
    driver: "splunk",
    options: {},
    changes: capacity("fargate"),
    issues: [
      `${at}.options.splunk-url: splunk-url is required by splunk on fargate`,
      `${at}.options.splunk-token: splunk-token is required by splunk on fargate`,
    ],
  },
  {
    name: "splunk's token that could not be read",
    driver: "splunk",
    options: { "splunk-url": "https://s" },
    secretOptions: { "splunk-token": "x" },
    issues: [expect.stringContaining(`${at}.secretOptions.splunk-token: `)],
  },
  {
    name: "splunk's token in the clear",
    driver: "splunk",
    options: { "splunk-url": "https://s", "splunk-token": "31337" },
    issues: [`${at}.options.splunk-token: splunk-token looks like a secret; give the ARN of one in secretOptions`],
  },
  {
    name: "an option twice",
    driver: "splunk",
    options: { "splunk-url": "https://s" },
    secretOptions: { "splunk-token": secret, "splunk-url": secret },
    issues: [`${at}.secretOptions.splunk-url: splunk-url must stand in options or in secretOptions, but is in both`],
  },
  { name: "a driver that needs nothing", driver: "json-file", issues: [] },
  { name: "a driver that could not be read", driver: "none", issues: [expect.stringContaining(`${at}.driver: `)] },
])("logs with $name", ({ driver = "awslogs", options, secretOptions, changes = {}, issues }) => {
  const logs = {
    driver,
    ...(options !== undefined && { options }),
    ...(secretOptions !== undefined && { secretOptions }),
  };
  expect(issuesWith({ ...changes, [at]: logs })).toEqual(issues);
});
