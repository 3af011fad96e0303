import { Stack } from "aws-cdk-lib";
import { Annotations, Match } from "aws-cdk-lib/assertions";
import { SubnetType, Vpc } from "aws-cdk-lib/aws-ec2";
import { Key } from "aws-cdk-lib/aws-kms";
import { describe, expect, test } from "vitest";
import { principalPattern } from "../../core/access/principal.ts";
import { issuesOf } from "../../infra/checks.ts";
import { Longshore, type LongshoreProps, networkIn } from "../../infra/index.ts";
import { everything } from "./everything.ts";
import { Synthesized } from "./synthesize.ts";

const install = new Synthesized(everything);
const { Variables: variables } = install.at("Sweep").Properties.Environment as {
  readonly Variables: Readonly<Record<string, unknown>>;
};

describe("with every prop", () => {
  test.for([
    { variable: "LONGSHORE_INSTALL", value: "shop" },
    { variable: "LONGSHORE_ADMINISTRATORS", value: "AROAEXAMPLE,AIDAEXAMPLE" },
    { variable: "LONGSHORE_CLUSTER", value: "apps" },
    { variable: "LONGSHORE_SUBNETS", value: "subnet-0123456789abcdef1=eu-west-1a,subnet-0123456789abcdef2=eu-west-1b" },
    { variable: "LONGSHORE_SECURITY_GROUPS", value: "sg-0123456789abcdef0" },
    { variable: "LONGSHORE_PUBLIC_IP", value: "true" },
    { variable: "LONGSHORE_DEFAULT_CAPACITY", value: "ec2" },
    { variable: "LONGSHORE_ACCOUNT_SHARE", value: "0.25" },
    { variable: "LONGSHORE_NAMESPACE_SERVICES", value: "10" },
    { variable: "LONGSHORE_NAMESPACE_TASKS", value: "100" },
  ])("functions are told $variable", ({ variable, value }) => {
    expect(install.shown(variables[variable])).toBe(value);
  });

  test("every name begins with the install's", () => {
    const names = ["FunctionName", "QueueName", "TableName", "AlarmName", "Name", "DashboardName"];
    const given = [...install.resources].flatMap(([path, { Properties }]) =>
      names.flatMap((name) => (typeof Properties[name] === "string" ? [{ path, name: Properties[name] }] : [])),
    );
    expect(given.length).toBeGreaterThan(40);
    expect(given.filter(({ name }) => !/^shop\b/.test(name))).toEqual([]);
  });

  test("nothing is made that is given", () => {
    const types = new Set([...install.resources.values()].map(({ Type }) => Type));
    expect([...types].filter((type) => type.startsWith("AWS::EC2::") || type === "AWS::ECS::Cluster")).toEqual([]);
  });

  test.for([
    { prop: "taskRoles", role: "DispatchRole", action: "iam:PassRole", on: "arn:aws:iam::111122223333:role/tasks/*" },
    {
      prop: "targetGroups",
      role: "ReconcileRole",
      action: "elasticloadbalancing:RegisterTargets",
      on: "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/shop-*/*",
    },
    {
      prop: "backlogQueues",
      role: "ReconcileRole",
      action: "sqs:GetQueueAttributes",
      on: "arn:aws:sqs:eu-west-1:111122223333:shop-*",
    },
    {
      prop: "repositories",
      role: "ExecutionRole",
      action: "ecr:BatchGetImage",
      on: "arn:aws:ecr:eu-west-1:444455556666:repository/shop/*",
    },
    {
      prop: "secrets of Secrets Manager",
      role: "ExecutionRole",
      action: "secretsmanager:GetSecretValue",
      on: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop/*",
    },
    {
      prop: "secrets of SSM",
      role: "ExecutionRole",
      action: "ssm:GetParameters",
      on: "arn:aws:ssm:eu-west-1:111122223333:parameter/shop/*",
    },
    {
      prop: "secretKeys",
      role: "ExecutionRole",
      action: "kms:Decrypt",
      on: "arn:aws:kms:eu-west-1:111122223333:key/01234567-89ab-cdef-0123-456789abcdef",
    },
    { prop: "environmentFiles", role: "ExecutionRole", action: "s3:GetObject", on: "arn:aws:s3:::shop-settings/*.env" },
    {
      prop: "environmentFiles",
      role: "ExecutionRole",
      action: "s3:GetBucketLocation",
      on: "arn:aws:s3:::shop-settings",
    },
    { prop: "key", role: "SweepRole", action: "kms:Decrypt", on: "<Test/Key.Arn>" },
    { prop: "key", role: "ScheduleRole", action: "kms:GenerateDataKey", on: "<Test/Key.Arn>" },
  ])("$prop: $role may $action", ({ role, action, on }) => {
    const resources = install
      .permissions(role)
      .filter(({ Action }) => Action.includes(action))
      .flatMap(({ Resource }) => Resource);
    expect(resources).toContain(on);
    // What is allowed by default, everything of the account, is allowed no more.
    expect(resources.filter((resource) => resource.includes("<AWS::AccountId>"))).toEqual([]);
  });

  test("exec: tasks may be run in which commands can be run", () => {
    const [run] = install.permissions("DispatchRole").filter(({ Action }) => Action.includes("ecs:RunTask"));
    expect(run?.Condition).not.toHaveProperty("StringNotEquals");
  });

  test("the key encrypts table and queues, and EventBridge may use it", () => {
    expect(install.at("Table").Properties.SSESpecification).toMatchObject({ SSEEnabled: true, SSEType: "KMS" });
    const queues = install.all("AWS::SQS::Queue");
    expect(queues.size).toBe(9);
    for (const [path, { Properties }] of queues)
      expect(install.shown(Properties.KmsMasterKeyId), path).toBe("<Test/Key.Arn>");
    install.template.hasResourceProperties("AWS::KMS::Key", {
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Principal: { Service: "events.amazonaws.com" },
            Action: ["kms:Decrypt", "kms:GenerateDataKey"],
            Condition: { StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } } },
          }),
        ]),
      },
    });
  });

  test("all logs are kept as long as is asked for", () => {
    const groups = [...install.all("AWS::Logs::LogGroup").values()];
    // One of each function, and that of tasks.
    expect(groups.map(({ Properties }) => Properties.RetentionInDays)).toEqual([7, 7, 7, 7, 7, 7]);
  });

  test("the table has the given maximum", () => {
    expect(install.at("Table").Properties.OnDemandThroughput).toEqual({
      MaxReadRequestUnits: 400,
      MaxWriteRequestUnits: 200,
    });
  });

  test("the topic hears when an alarm begins and when it ends", () => {
    const alarms = install.all("AWS::CloudWatch::Alarm");
    expect(alarms.size).toBeGreaterThan(2);
    for (const [path, { Properties }] of alarms)
      expect(Properties, path).toMatchObject({
        AlarmActions: ["arn:aws:sns:eu-west-1:111122223333:alarms"],
        OKActions: ["arn:aws:sns:eu-west-1:111122223333:alarms"],
      });
  });

  test("every queue, every function and the table have alarms of their own", () => {
    const watched = [...install.all("AWS::CloudWatch::Alarm").values()].map(({ Properties }) => {
      const [{ Value } = { Value: "" }] = Properties.Dimensions as readonly { readonly Value: unknown }[];
      return `${Properties.MetricName} ${install.shown(Value)}`;
    });
    const queues = ["Commands", "Observations", "Work", "Dispatch"];
    const functions = ["Accept", "Observe", "Reconcile", "Dispatch", "Sweep"];
    const wanted = [
      ...[...queues, "Sweep"].map((queue) => `ApproximateNumberOfMessagesVisible <${queue}DeadLetters.QueueName>`),
      ...queues.map((queue) => `ApproximateAgeOfOldestMessage <${queue}Queue.QueueName>`),
      ...["Errors", "Throttles", "RecursiveInvocationsDropped"].flatMap((metric) =>
        functions.map((name) => `${metric} <${name}>`),
      ),
      "ReadThrottleEvents <Table>",
      "WriteThrottleEvents <Table>",
      // Of the two that are always there.
      "Errors <Sweep>",
      "Invocations <Sweep>",
    ];
    expect(watched.toSorted()).toEqual(wanted.toSorted());
  });

  test("the dashboard shows functions, queues, table and tasks", () => {
    const [dashboard] = install.all("AWS::CloudWatch::Dashboard").values();
    const body = install.shown(dashboard?.Properties.DashboardBody);
    for (const shown of [
      "AWS/Lambda",
      "AWS/SQS",
      "AWS/DynamoDB",
      "TasksStarted",
      "<Sweep>",
      "<Table>",
      "<WorkQueue.QueueName>",
    ])
      expect(body).toContain(shown);
    expect(() => JSON.parse(body)).not.toThrow();
  });
});

describe("a network", () => {
  test("has three zones where that is asked for", () => {
    const subnets = new Synthesized({ zones: 3 }).all("AWS::EC2::Subnet");
    expect(new Set([...subnets.values()].map(({ Properties }) => Properties.CidrBlock)).size).toBe(3);
  });

  test("that is given without security groups gets closed ones, and no public addresses", () => {
    const given = new Synthesized({
      network: { vpcId: "vpc-0123456789abcdef0", subnets: { "subnet-0123456789abcdef1": "eu-west-1a" } },
    });
    expect(given.at("TasksSecurityGroup").Properties).toMatchObject({ VpcId: "vpc-0123456789abcdef0" });
    expect(given.all("AWS::EC2::VPC").size).toBe(0);
    expect(environmentOf(given)).toMatchObject({ LONGSHORE_PUBLIC_IP: "false" });
  });

  test("of CDK's is taken as it is", () => {
    const given = new Synthesized((scope) => {
      const vpc = new Vpc(scope, "OtherVpc", { natGateways: 1 });
      return { network: networkIn(vpc, { subnetType: SubnetType.PRIVATE_WITH_EGRESS }) };
    });
    const { LONGSHORE_SUBNETS: subnets } = environmentOf(given);
    expect(given.shown(subnets)).toMatch(/^<\S*PrivateSubnet1\S*>=<select 0>,<\S*PrivateSubnet2\S*>=<select 1>$/);
  });

  test("of its own gives no public addresses to tasks on instances: ECS refuses them", () => {
    expect(environmentOf(new Synthesized({ capacity: "ec2" }))).toMatchObject({ LONGSHORE_PUBLIC_IP: "false" });
  });
});

test("whoever gives a key of elsewhere is told what its policy must allow", () => {
  const stack = new Stack();
  const key = Key.fromKeyArn(
    stack,
    "Key",
    "arn:aws:kms:eu-west-1:111122223333:key/01234567-89ab-cdef-0123-456789abcdef",
  );
  new Longshore(stack, "Longshore", { key });
  Annotations.fromStack(stack).hasWarning(
    "*",
    Match.stringLikeRegexp("must allow kms:Decrypt and kms:GenerateDataKey"),
  );
});

describe("a prop is refused that is none", () => {
  test.for<{ name: string; props: LongshoreProps; told: string }>([
    {
      name: "install",
      props: { install: "Shop" },
      told: 'install must be 1 to 20 of a-z, 0-9 and -, beginning with a letter, got "Shop"',
    },
    {
      name: "administrators",
      props: { administrators: ["AROA1", "arn:aws:iam::1:role/x"] },
      told: 'got "arn:aws:iam::1:role/x"',
    },
    { name: "accountShare", props: { accountShare: 0 }, told: "accountShare must be 0.01 to 1, got 0" },
    {
      name: "services",
      props: { namespaceLimits: { services: 501 } },
      told: "namespaceLimits.services must be 1 to 500, got 501",
    },
    {
      name: "tasks",
      props: { namespaceLimits: { tasks: 0 } },
      told: "namespaceLimits.tasks must be 1 to 100000, got 0",
    },
    {
      name: "reads",
      props: { tableLimits: { reads: 0 } },
      told: "tableLimits.reads must be 1 to 40000 units a second, got 0",
    },
    {
      name: "writes",
      props: { tableLimits: { writes: 1.5 } },
      told: "tableLimits.writes must be 1 to 40000 units a second, got 1.5",
    },
    { name: "retention", props: { logRetentionDays: 31 }, told: "logRetentionDays must be one of 1, 3, 5" },
    {
      name: "subnets",
      props: { network: { vpcId: "vpc-0123456789abcdef0", subnets: {} } },
      told: "network.subnets must be at least one subnet with its zone, got {}",
    },
  ])("$name", ({ props, told }) => {
    expect(() => new Longshore(new Stack(), "Longshore", props)).toThrow(told);
  });

  const elsewhere = "arn:aws:s3:eu-west-1:111122223333:accesspoint/x";
  test.for<{ name: keyof LongshoreProps; of: string; refused: readonly string[]; taken: readonly string[] }>([
    {
      name: "taskRoles",
      of: "IAM roles",
      refused: ["shop-web", "arn:aws:s3:::x", "arn:aws:iam::111122223333:user/x"],
      taken: ["arn:aws:iam::111122223333:role/x", "arn:aws-cn:iam::*:role/path/*", "arn:aws:iam::111122223333:*"],
    },
    {
      name: "targetGroups",
      of: "target groups",
      refused: ["shop", "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/x/1"],
      taken: ["arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/x/1"],
    },
    {
      name: "backlogQueues",
      of: "SQS queues",
      refused: ["jobs", "https://sqs.eu-west-1.amazonaws.com/111122223333/jobs"],
      taken: ["arn:aws:sqs:eu-west-1:111122223333:jobs", "arn:aws:sqs:*"],
    },
    {
      name: "repositories",
      of: "ECR repositories",
      refused: ["shop", "111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop"],
      taken: ["arn:aws:ecr:eu-west-1:111122223333:repository/shop"],
    },
    {
      name: "secrets",
      of: "Secrets Manager secrets and SSM parameters",
      refused: ["password", "arn:aws:ssm:eu-west-1:111122223333:document/x"],
      taken: [
        "arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop-a1b2c3",
        "arn:aws:ssm:eu-west-1:111122223333:parameter/shop",
      ],
    },
    {
      name: "secretKeys",
      of: "KMS keys",
      refused: ["key", "arn:aws:kms:eu-west-1:111122223333:alias/x"],
      taken: ["arn:aws:kms:eu-west-1:111122223333:key/1"],
    },
    {
      name: "environmentFiles",
      of: "S3 objects",
      refused: ["a.env", "s3://bucket/a.env", "arn:aws:s3:::bucket"],
      taken: ["arn:aws:s3:::bucket/a.env", "arn:aws:s3:::bucket/*"],
    },
  ])("$name: ARNs of $of alone", ({ name, of, refused, taken }) => {
    const wrong = [...refused, elsewhere];
    expect(issuesOf({ [name]: [...taken, ...wrong] })).toEqual(
      wrong.map((arn) => `${name} must be ARNs of ${of}, got ${JSON.stringify(arn)}`),
    );
  });

  test.for([
    { text: "AROAEXAMPLE" },
    { text: "111122223333" },
    { text: "a_b.c-d" },
    { text: "a".repeat(128) },
    { text: "a".repeat(129) },
    { text: "" },
    { text: "AROAEXAMPLE:session" },
    { text: "arn:aws:iam::111122223333:role/x" },
    { text: "AROA*" },
    { text: "AROAEXAMPLE\n" },
    { text: "é" },
  ])("an administrator is what grants can name as well: $text", ({ text }) => {
    expect(issuesOf({ administrators: [text] }).length === 0).toBe(principalPattern.test(text));
  });

  test("and all are told at once", () => {
    const props = { install: "Shop", accountShare: 2 };
    expect(() => new Longshore(new Stack(), "Longshore", props)).toThrow(/install must be .*; accountShare must be /);
  });
});

function environmentOf(given: Synthesized): Readonly<Record<string, unknown>> {
  return (given.at("Sweep").Properties.Environment as { readonly Variables: Readonly<Record<string, unknown>> })
    .Variables;
}
