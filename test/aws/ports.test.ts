import { describe, expect, test } from "vitest";
import { portsFrom } from "../../aws/ports.ts";

const least = {
  AWS_REGION: "us-east-1",
  LONGSHORE_INSTALL: "longshore",
  LONGSHORE_CLUSTER: "main",
  LONGSHORE_TABLE: "longshore",
  LONGSHORE_WORK_QUEUE_URL: "http://127.0.0.1:1/work",
  LONGSHORE_DISPATCH_QUEUE_URL: "http://127.0.0.1:1/dispatch",
  LONGSHORE_OBSERVATIONS_QUEUE_URL: "http://127.0.0.1:1/observations",
};

const messageOf = (run: () => unknown): string => {
  try {
    run();
    return "nothing was refused";
  } catch (error) {
    return error instanceof Error ? error.message : "";
  }
};

test("what is not set has a default", () => {
  expect(portsFrom(least).settings).toEqual({
    install: "longshore",
    region: "us-east-1",
    cluster: "main",
    accountShare: 0.5,
    defaults: {
      capacity: "fargate",
      network: { mode: "awsvpc", subnets: [], securityGroups: [], publicIp: false },
      subnetZones: {},
    },
    quota: { services: 500, tasks: 5_000 },
    functionTimeoutMs: 30_000,
  });
});

test("what is set counts", () => {
  const settings = {
    LONGSHORE_ACCOUNT_SHARE: "0.25",
    LONGSHORE_DEFAULT_CAPACITY: "ec2",
    LONGSHORE_NETWORK_MODE: "bridge",
    LONGSHORE_SUBNETS: "subnet-a=us-east-1a, subnet-b=us-east-1b",
    LONGSHORE_SECURITY_GROUPS: "sg-1,sg-2",
    LONGSHORE_PUBLIC_IP: "true",
    LONGSHORE_EXECUTION_ROLE: "arn:aws:iam::123456789012:role/execution",
    LONGSHORE_LOG_GROUP: "/longshore",
    LONGSHORE_NAMESPACE_SERVICES: "10",
    LONGSHORE_NAMESPACE_TASKS: "100",
    LONGSHORE_ADMINISTRATORS: "AROAEXAMPLE, AIDAEXAMPLE",
    LONGSHORE_FUNCTION_TIMEOUT_SECONDS: "60",
  };
  expect(portsFrom({ ...least, ...settings }).settings).toMatchObject({
    accountShare: 0.25,
    defaults: {
      capacity: "ec2",
      network: {
        mode: "bridge",
        subnets: ["subnet-a", "subnet-b"],
        securityGroups: ["sg-1", "sg-2"],
        publicIp: true,
      },
      executionRole: "arn:aws:iam::123456789012:role/execution",
      logGroup: "/longshore",
      subnetZones: { "subnet-a": "us-east-1a", "subnet-b": "us-east-1b" },
    },
    quota: { services: 10, tasks: 100 },
    administrators: ["AROAEXAMPLE", "AIDAEXAMPLE"],
    functionTimeoutMs: 60_000,
  });
});

describe("a variable is refused by name, with its value and what is allowed", () => {
  test.for([
    { name: "LONGSHORE_INSTALL", value: "Has Space", says: 'got "Has Space"' },
    { name: "LONGSHORE_INSTALL", value: undefined, says: "got nothing" },
    { name: "LONGSHORE_CLUSTER", value: "", says: "must be a cluster's name, got nothing" },
    { name: "LONGSHORE_TABLE", value: undefined, says: "must be a table's name" },
    {
      name: "LONGSHORE_ADMINISTRATORS",
      value: "AROAEXAMPLE,arn:aws:iam::111122223333:role/admin",
      says: "must be each the unique id of a role",
    },
    { name: "LONGSHORE_WORK_QUEUE_URL", value: "work", says: 'must be the URL of a queue, got "work"' },
    { name: "LONGSHORE_DISPATCH_QUEUE_URL", value: undefined, says: "must be the URL of a queue" },
    { name: "LONGSHORE_OBSERVATIONS_QUEUE_URL", value: undefined, says: "must be the URL of a queue" },
    { name: "LONGSHORE_SUBNETS", value: "subnet-a", says: "subnets with their zones" },
    { name: "LONGSHORE_EXECUTION_ROLE", value: "role", says: "must be the ARN of a role" },
    { name: "LONGSHORE_DEFAULT_CAPACITY", value: "gpu", says: "one of fargate, ec2" },
    { name: "LONGSHORE_NETWORK_MODE", value: "none", says: "one of awsvpc, bridge, host" },
    { name: "LONGSHORE_PUBLIC_IP", value: "yes", says: "one of false, true" },
    { name: "LONGSHORE_ACCOUNT_SHARE", value: "2", says: "a number from 0.01 to 1" },
    { name: "LONGSHORE_NAMESPACE_TASKS", value: "many", says: "a number from 1 to 100000" },
    { name: "LONGSHORE_NAMESPACE_SERVICES", value: "501", says: "a number from 1 to 500" },
    { name: "LONGSHORE_FUNCTION_TIMEOUT_SECONDS", value: "1", says: "a number from 10 to 900" },
    { name: "AWS_REGION", value: undefined, says: "must be a region's name" },
  ])("$name: $value", ({ name, value, says }) => {
    const message = messageOf(() => portsFrom({ ...least, [name]: value }));
    expect(message).toContain(`${name} must be `);
    expect(message).toContain(says);
  });

  test("all of them at once", () => {
    expect(() => portsFrom({})).toThrow(/LONGSHORE_INSTALL.*AWS_REGION.*LONGSHORE_CLUSTER.*LONGSHORE_TABLE/);
  });
});
