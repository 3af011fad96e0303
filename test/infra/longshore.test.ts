import { CreateTableCommand, type CreateTableCommandInput, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { CreateQueueCommand, GetQueueAttributesCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { describe, expect, test } from "vitest";
import { environmentReader } from "../../aws/environment.ts";
import { observationsFrom } from "../../aws/events.ts";
import { readResources, readSettings } from "../../aws/settings.ts";
import { createInstall } from "../../local/install.ts";
import { Synthesized } from "./synthesize.ts";

const install = new Synthesized();
const functions = ["Accept", "Observe", "Reconcile", "Dispatch", "Sweep"];
const queues = ["Commands", "Observations", "Work", "Dispatch"];
const deadLetters = [...queues, "Sweep"];

describe("the functions", () => {
  test("are those five, and nothing else is code", () => {
    expect([...install.all("AWS::Lambda::Function").keys()].toSorted()).toEqual(functions.toSorted());
    const types = new Set([...install.resources.values()].map(({ Type }) => Type));
    expect([...types].filter((type) => type.startsWith("Custom::") || type.includes("CustomResource"))).toEqual([]);
  });

  test.for(functions)("%s runs as it should", (name) => {
    const { Properties } = install.at(name);
    expect(Properties).toMatchObject({
      FunctionName: `longshore-${name.toLowerCase()}`,
      Runtime: "nodejs24.x",
      Architectures: ["arm64"],
      Handler: "index.handler",
      Timeout: 30,
      MemorySize: 512,
    });
    expect(install.shown(Properties.Role)).toBe(`<${name}Role.Arn>`);
    // Outside of every VPC, with Lambda's guard against loops as it is by itself, and no concurrency set aside.
    for (const absent of ["VpcConfig", "RecursiveLoop", "ReservedConcurrentExecutions", "Layers"])
      expect(Properties, absent).not.toHaveProperty(absent);
  });

  test.for(functions)("%s logs as JSON into a group of its own, for a month, and nothing at rest", (name) => {
    const { LoggingConfig: logging } = install.at(name).Properties as {
      readonly LoggingConfig: Record<string, unknown>;
    };
    expect(logging).toMatchObject({ LogFormat: "JSON", ApplicationLogLevel: "INFO", SystemLogLevel: "WARN" });
    expect(install.shown(logging.LogGroup)).toBe(`<${name}Logs>`);
    expect(install.at(`${name}Logs`).Properties).toMatchObject({
      LogGroupName: `/aws/lambda/longshore-${name.toLowerCase()}`,
      RetentionInDays: 30,
    });
  });

  test.for(functions)("%s is told what handlers read, and reads it", (name) => {
    const environment = environmentOf(name);
    expect(Object.keys(environment).filter((variable) => !variable.startsWith("LONGSHORE_"))).toEqual([]);
    const read = environmentReader({
      ...environment,
      AWS_REGION: "eu-west-1",
      LONGSHORE_EXECUTION_ROLE: "arn:aws:iam::1:role/r",
    });
    const [settings, resources] = [readSettings(read), readResources(read)];
    read.check();
    expect(settings).toMatchObject({
      install: "longshore",
      cluster: "<Cluster>",
      accountShare: 0.5,
      functionTimeoutMs: 30_000,
      quota: { services: 500, tasks: 5_000 },
      defaults: {
        capacity: "fargate",
        logGroup: "<TasksLogs>",
        network: {
          mode: "awsvpc",
          subnets: ["<Subnet1>", "<Subnet2>"],
          securityGroups: ["<TasksSecurityGroup.GroupId>", "<CallersSecurityGroup.GroupId>"],
          publicIp: true,
        },
        subnetZones: { "<Subnet1>": "<Subnet1.AvailabilityZone>", "<Subnet2>": "<Subnet2.AvailabilityZone>" },
      },
    });
    expect(resources).toMatchObject({
      table: "<Table>",
      queues: {
        work: "https://<WorkQueue>",
        dispatch: "https://<DispatchQueue>",
        observations: "https://<ObservationsQueue>",
      },
      deadLetters: deadLetters.map((queue) => `https://<${queue}DeadLetters>`),
    });
    expect(environment).toMatchObject({ LONGSHORE_EXECUTION_ROLE: "<ExecutionRole.Arn>" });
    expect(environment).not.toHaveProperty("LONGSHORE_ADMINISTRATORS");
  });
});

describe("the queues", () => {
  test.for([
    { queue: "Commands", wakes: "Accept", most: 1 },
    { queue: "Work", wakes: "Reconcile", most: 10 },
    { queue: "Dispatch", wakes: "Dispatch", most: 10 },
    { queue: "Observations", wakes: "Observe", most: 10 },
  ])("$queue wakes $wakes with $most at most, which gives back what failed", ({ queue, wakes, most }) => {
    const { Properties } = install.at(`${queue}Source`);
    expect(install.shown(Properties.EventSourceArn)).toBe(`<${queue}Queue.Arn>`);
    expect(install.shown(Properties.FunctionName)).toBe(`<${wakes}>`);
    expect(Properties).toMatchObject({ BatchSize: most, FunctionResponseTypes: ["ReportBatchItemFailures"] });
    // Either would keep pollers busy at an empty queue.
    expect(Properties).not.toHaveProperty("ScalingConfig");
    expect(Properties).not.toHaveProperty("ProvisionedPollerConfig");
  });

  test("no other has a poller to pay for", () => {
    expect(install.all("AWS::Lambda::EventSourceMapping").size).toBe(4);
  });

  test.for(queues)("%s hides a message for six timeouts, and makes it a dead letter at the fifth failure", (queue) => {
    const { Properties } = install.at(`${queue}Queue`);
    expect(Properties.VisibilityTimeout).toBe(6 * Number(install.at("Sweep").Properties.Timeout));
    const { deadLetterTargetArn, maxReceiveCount } = Properties.RedrivePolicy as Record<string, unknown>;
    expect(install.shown(deadLetterTargetArn)).toBe(`<${queue}DeadLetters.Arn>`);
    expect(maxReceiveCount).toBe(5);
  });

  test.for(deadLetters)("the dead letters of %s are kept for two weeks", (queue) => {
    expect(install.at(`${queue}DeadLetters`).Properties).toMatchObject({ MessageRetentionPeriod: 14 * 24 * 3600 });
  });

  test("commands are taken in the order of each group, at high throughput; all other queues are standard", () => {
    expect(install.at("CommandsQueue").Properties).toMatchObject({
      QueueName: "longshore-commands.fifo",
      FifoQueue: true,
      ContentBasedDeduplication: true,
      DeduplicationScope: "messageGroup",
      FifoThroughputLimit: "perMessageGroupId",
    });
    const ordered = [...install.all("AWS::SQS::Queue")].filter(([, { Properties }]) => Properties.FifoQueue === true);
    expect(ordered.map(([path]) => path).toSorted()).toEqual(["CommandsDeadLetters", "CommandsQueue"]);
  });

  test("observations are forgotten after an hour", () => {
    expect(install.at("ObservationsQueue").Properties.MessageRetentionPeriod).toBe(3600);
  });

  test.for([...queues.map((queue) => `${queue}Queue`), ...deadLetters.map((queue) => `${queue}DeadLetters`)])(
    "%s is encrypted, refuses what comes without TLS, and is open to nobody in general",
    (queue) => {
      expect(install.at(queue).Properties.SqsManagedSseEnabled).toBe(true);
      const policy = install.statements(install.at(`${queue}/Policy`).Properties.PolicyDocument);
      expect(policy).toContainEqual({
        Effect: "Deny",
        Principal: { AWS: "*" },
        Action: ["sqs:*"],
        Resource: [`<${queue}.Arn>`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      });
      const open = policy.filter(
        ({ Effect, Principal }) => Effect === "Allow" && JSON.stringify(Principal).includes("*"),
      );
      expect(open).toEqual([]);
    },
  );
});

describe("the table", () => {
  const { Properties, ...policies } = install.at("Table");

  test("is on demand with a maximum, indexes too", () => {
    const limit = { MaxReadRequestUnits: 4000, MaxWriteRequestUnits: 2000 };
    expect(Properties).toMatchObject({ BillingMode: "PAY_PER_REQUEST", OnDemandThroughput: limit });
    const indexes = Properties.GlobalSecondaryIndexes as readonly Record<string, unknown>[];
    expect(indexes.map(({ OnDemandThroughput }) => OnDemandThroughput)).toEqual([limit, limit]);
  });

  test.for([
    {
      name: "can be restored to any moment",
      wanted: { PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } },
    },
    { name: "cannot be deleted by mistake", wanted: { DeletionProtectionEnabled: true } },
    { name: "lets items expire", wanted: { TimeToLiveSpecification: { AttributeName: "expiresAt", Enabled: true } } },
    { name: "is named after the install", wanted: { TableName: "longshore" } },
  ])("$name", ({ wanted }) => {
    expect(Properties).toMatchObject(wanted);
  });

  test("stays when the stack is removed or it is replaced", () => {
    expect(policies).toMatchObject({ DeletionPolicy: "Retain", UpdateReplacePolicy: "Retain" });
  });

  test("refuses what comes without TLS, and opens itself to nobody", () => {
    const { PolicyDocument: document } = Properties.ResourcePolicy as { readonly PolicyDocument: unknown };
    const table = "arn:<AWS::Partition>:dynamodb:<AWS::Region>:<AWS::AccountId>:table/longshore";
    expect(install.statements(document)).toEqual([
      {
        Effect: "Deny",
        Principal: { AWS: "*" },
        Action: ["dynamodb:*"],
        Resource: [table, `${table}/index/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ]);
  });
});

describe("the local install has the same", async () => {
  const { table, queues: created } = await createdLocally();

  test("table", () => {
    const { Properties } = install.at("Table");
    const byName = (definitions: unknown) =>
      (definitions as readonly { AttributeName: string }[]).toSorted((a, b) =>
        a.AttributeName < b.AttributeName ? -1 : 1,
      );
    expect(Properties.TableName).toBe(table.TableName);
    expect(Properties.KeySchema).toEqual(table.KeySchema);
    expect(byName(Properties.AttributeDefinitions)).toEqual(byName(table.AttributeDefinitions));
    const deployed = (Properties.GlobalSecondaryIndexes as readonly Record<string, unknown>[]).map(
      ({ OnDemandThroughput: _, ...index }) => index,
    );
    expect(deployed).toEqual(table.GlobalSecondaryIndexes);
  });

  test("queues", () => {
    expect(created.size).toBe(8);
    for (const [name, attributes] of created) {
      const [, { Properties }] =
        [...install.all("AWS::SQS::Queue")].find(([, queue]) => queue.Properties.QueueName === name) ?? fail(name);
      const { RedrivePolicy, ...plain } = attributes;
      for (const [attribute, value] of Object.entries(plain))
        expect(String(Properties[attribute]), `${attribute} of ${name}`).toBe(value);
      const { maxReceiveCount } = (Properties.RedrivePolicy ?? {}) as { readonly maxReceiveCount?: number };
      expect(maxReceiveCount, name).toBe(RedrivePolicy && JSON.parse(RedrivePolicy).maxReceiveCount);
    }
  });
});

describe("the rules", () => {
  const ofCluster = { clusterArn: ["arn:<AWS::Partition>:ecs:<AWS::Region>:<AWS::AccountId>:cluster/<Cluster>"] };

  test.for([
    {
      id: "TaskChanges",
      pattern: {
        source: ["aws.ecs"],
        "detail-type": ["ECS Task State Change"],
        detail: { ...ofCluster, group: [{ prefix: "longshore/" }] },
      },
    },
    {
      id: "NodeChanges",
      pattern: { source: ["aws.ecs"], "detail-type": ["ECS Container Instance State Change"], detail: ofCluster },
    },
    {
      id: "NodeHealthChanges",
      pattern: { source: ["aws.ecs"], "detail-type": ["ECS Container Instance Health Change"], detail: ofCluster },
    },
    { id: "SpotWarnings", pattern: { source: ["aws.ec2"], "detail-type": ["EC2 Spot Instance Interruption Warning"] } },
    {
      id: "RebalanceWarnings",
      pattern: { source: ["aws.ec2"], "detail-type": ["EC2 Instance Rebalance Recommendation"] },
    },
  ])("$id hears of what it should", ({ id, pattern }) => {
    const { EventPattern, State } = install.at(id).Properties as Record<
      string,
      Record<string, Record<string, unknown>>
    >;
    const clusterArn = (EventPattern?.detail?.clusterArn as readonly unknown[] | undefined)?.map((arn) =>
      install.shown(arn),
    );
    expect({
      ...EventPattern,
      ...(EventPattern?.detail && { detail: { ...EventPattern.detail, clusterArn } }),
    }).toEqual(pattern);
    expect(State).toBe("ENABLED");
  });

  test("are those five, and hand on events as they are, for an hour at most, then to the dead letters", () => {
    const rules = [...install.all("AWS::Events::Rule").values()];
    expect(rules.length).toBe(5);
    for (const { Properties } of rules) {
      const [target, ...others] = Properties.Targets as readonly Record<string, Record<string, unknown>>[];
      expect(others).toEqual([]);
      const { Arn, DeadLetterConfig, RetryPolicy, Id: _, ...rest } = target ?? {};
      expect(install.shown(Arn)).toBe("<ObservationsQueue.Arn>");
      expect(install.shown(DeadLetterConfig?.Arn)).toBe("<ObservationsDeadLetters.Arn>");
      expect(RetryPolicy).toMatchObject({ MaximumEventAgeInSeconds: 3600 });
      // No input of its own: observe reads the envelope.
      expect(rest).toEqual({});
    }
  });

  test("hand on an envelope that observe reads", () => {
    const detail = {
      clusterArn: "arn:aws:ecs:eu-west-1:1:cluster/longshore",
      group: "longshore/install1/shop/web",
      taskArn: "arn:aws:ecs:eu-west-1:1:task/longshore/0123456789abcdef0123456789abcdef",
      taskDefinitionArn: "arn:aws:ecs:eu-west-1:1:task-definition/longshore_install1_shop_web:1",
      startedBy: "token/set",
      lastStatus: "RUNNING",
      desiredStatus: "RUNNING",
      version: 3,
      containers: [],
    };
    const event = {
      version: "0",
      "detail-type": "ECS Task State Change",
      source: "aws.ecs",
      time: "2026-11-20T12:00:00Z",
      detail,
    };
    expect(observationsFrom(JSON.stringify(event))).toMatchObject([
      { kind: "task", sighting: { cluster: "longshore" } },
    ]);
  });

  test.for(["ObservationsQueue", "ObservationsDeadLetters"])("may send to %s, and no other rule may", (queue) => {
    const policy = install.statements(install.at(`${queue}/Policy`).Properties.PolicyDocument);
    const allowed = policy.filter(({ Effect }) => Effect === "Allow");
    expect(allowed).toMatchObject([
      {
        Principal: { Service: "events.amazonaws.com" },
        Action: ["sqs:SendMessage"],
        Resource: [`<${queue}.Arn>`],
        Condition: { StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } } },
      },
    ]);
    const sources = allowed[0]?.Condition?.ArnEquals?.["aws:SourceArn"] as readonly unknown[];
    expect(sources.map((arn) => install.shown(arn)).toSorted()).toEqual(
      [...install.all("AWS::Events::Rule").keys()].map((rule) => `<${rule}.Arn>`).toSorted(),
    );
  });
});

describe("the schedule", () => {
  const { Properties } = install.at("Schedule");
  const target = Properties.Target as Readonly<Record<string, Record<string, unknown>>>;

  test("calls the sweep each minute, and never again for the same minute", () => {
    expect(Properties).toMatchObject({ ScheduleExpression: "rate(1 minute)", FlexibleTimeWindow: { Mode: "OFF" } });
    expect(install.shown(target.Arn)).toBe("<Sweep.Arn>");
    expect(target.RetryPolicy).toEqual({ MaximumRetryAttempts: 0 });
    expect(install.at("Sweep/EventInvokeConfig").Properties).toMatchObject({
      MaximumRetryAttempts: 0,
      MaximumEventAgeInSeconds: 60,
    });
  });

  test("leaves a dead letter where it cannot call", () => {
    expect(install.shown(target.DeadLetterConfig?.Arn)).toBe("<SweepDeadLetters.Arn>");
  });

  test("has a role that can do that and no more, and that no other account's schedule can use", () => {
    expect(install.shown(target.RoleArn)).toBe("<ScheduleRole.Arn>");
    expect(install.permissions("ScheduleRole")).toEqual([
      { Effect: "Allow", Action: ["lambda:InvokeFunction"], Resource: ["<Sweep.Arn>"] },
      { Effect: "Allow", Action: ["sqs:SendMessage"], Resource: ["<SweepDeadLetters.Arn>"] },
    ]);
    const [trust] = install.statements(install.at("ScheduleRole").Properties.AssumeRolePolicyDocument);
    expect(trust).toMatchObject({
      Principal: { Service: "scheduler.amazonaws.com" },
      Condition: { StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } } },
    });
    expect(install.shown(trust?.Condition?.ArnLike?.["aws:SourceArn"])).toMatch(/:schedule-group\/default$/);
  });
});

describe("the alarms", () => {
  test("are two, which hear of everything", () => {
    expect([...install.all("AWS::CloudWatch::Alarm").keys()].toSorted()).toEqual(["SilenceAlarm", "TroubleAlarm"]);
    expect(install.all("AWS::CloudWatch::Dashboard").size).toBe(0);
  });

  test("trouble: the sweep fails in three of five minutes", () => {
    const { Properties } = install.at("TroubleAlarm");
    expect(Properties).toMatchObject({
      AlarmName: "longshore-trouble",
      Namespace: "AWS/Lambda",
      MetricName: "Errors",
      Statistic: "Sum",
      Period: 60,
      Threshold: 1,
      ComparisonOperator: "GreaterThanOrEqualToThreshold",
      EvaluationPeriods: 5,
      DatapointsToAlarm: 3,
      TreatMissingData: "notBreaching",
    });
    expect(dimensionsOf(Properties)).toEqual(["FunctionName=<Sweep>"]);
  });

  test("silence: the sweep did not run for five minutes", () => {
    const { Properties } = install.at("SilenceAlarm");
    expect(Properties).toMatchObject({
      AlarmName: "longshore-silence",
      Namespace: "AWS/Lambda",
      MetricName: "Invocations",
      Statistic: "Sum",
      Period: 300,
      Threshold: 1,
      ComparisonOperator: "LessThanThreshold",
      EvaluationPeriods: 1,
      TreatMissingData: "breaching",
    });
    expect(dimensionsOf(Properties)).toEqual(["FunctionName=<Sweep>"]);
  });
});

describe("what tasks run on", () => {
  test("is a cluster of Fargate and Fargate Spot", () => {
    expect(install.at("Cluster").Properties).toMatchObject({
      ClusterName: "longshore",
      CapacityProviders: ["FARGATE", "FARGATE_SPOT"],
    });
  });

  test("is a network that costs nothing at rest: public subnets, one a zone, and no NAT gateway or address", () => {
    const paid = [...install.resources.values()]
      .map(({ Type }) => Type)
      .filter((type) => /NatGateway|::EIP|VPCEndpoint/.test(type));
    expect(paid).toEqual([]);
    const subnets = [...install.all("AWS::EC2::Subnet").values()];
    expect(subnets.map(({ Properties }) => install.shown(Properties.AvailabilityZone))).toEqual([
      "<select 0>",
      "<select 1>",
    ]);
    expect(new Set(subnets.map(({ Properties }) => Properties.CidrBlock)).size).toBe(subnets.length);
    expect(install.at("InternetRoute").Properties).toMatchObject({ DestinationCidrBlock: "0.0.0.0/0" });
  });

  test("lets nothing in from outside", () => {
    const groups = install.all("AWS::EC2::SecurityGroup");
    expect(groups.size).toBe(2);
    // Rules can stand beside the groups as well.
    expect(install.all("AWS::EC2::SecurityGroupIngress").size).toBe(0);
    for (const [path, { Properties }] of groups)
      expect(JSON.stringify(Properties.SecurityGroupIngress ?? []), path).not.toContain("CidrIp");
  });

  test("has logs that are kept for a month", () => {
    expect(install.at("TasksLogs").Properties).toMatchObject({
      LogGroupName: "/longshore/longshore",
      RetentionInDays: 30,
    });
  });

  test("starts tasks by a role that fetches images and writes logs, and reads no secret unless one is named", () => {
    expect(install.permissions("ExecutionRole")).toEqual([
      { Effect: "Allow", Action: ["ecr:GetAuthorizationToken"], Resource: ["*"] },
      {
        Effect: "Allow",
        Action: ["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"],
        Resource: ["arn:<AWS::Partition>:ecr:<AWS::Region>:<AWS::AccountId>:repository/*"],
      },
      { Effect: "Allow", Action: ["logs:CreateLogStream", "logs:PutLogEvents"], Resource: ["<TasksLogs.Arn>"] },
    ]);
    expect(install.statements(install.at("ExecutionRole").Properties.AssumeRolePolicyDocument)).toMatchObject([
      { Principal: { Service: "ecs-tasks.amazonaws.com" } },
    ]);
  });
});

describe("when the stack is removed", () => {
  const lasting =
    /^(Cluster|ExecutionRole|TasksLogs|Vpc|Internet\w+|RouteTable|Subnet\d(Routes)?|\w*SecurityGroup\w*)$/;

  test("everything that running tasks stand on stays, and the rest goes", () => {
    const paths = [...install.resources].flatMap(([path, { DeletionPolicy = "" }]) =>
      DeletionPolicy.startsWith("Retain") ? [path] : [],
    );
    expect(paths.filter((path) => path !== "Table" && !lasting.test(path))).toEqual([]);
    for (const type of [
      "AWS::ECS::Cluster",
      "AWS::EC2::VPC",
      "AWS::EC2::Subnet",
      "AWS::EC2::InternetGateway",
      "AWS::EC2::VPCGatewayAttachment",
      "AWS::EC2::RouteTable",
      "AWS::EC2::Route",
      "AWS::EC2::SubnetRouteTableAssociation",
      "AWS::EC2::SecurityGroup",
    ]) {
      const all = [...install.all(type).values()];
      expect(all.length, type).toBeGreaterThan(0);
      // Only a creation that fails takes it away again.
      for (const { DeletionPolicy, UpdateReplacePolicy } of all)
        expect({ type, DeletionPolicy, UpdateReplacePolicy }).toEqual({
          type,
          DeletionPolicy: "RetainExceptOnCreate",
          UpdateReplacePolicy: "Retain",
        });
    }
    for (const path of ["ExecutionRole", "TasksLogs"])
      expect(install.at(path).DeletionPolicy, path).toBe("RetainExceptOnCreate");
  });
});

test("the stack tells where the install is", () => {
  const outputs = install.template.toJSON().Outputs as Record<string, { readonly Value: unknown }>;
  const shown = Object.fromEntries(Object.entries(outputs).map(([name, { Value }]) => [name, install.shown(Value)]));
  expect(shown).toEqual({
    LongshoreInstall: "longshore",
    LongshoreRegion: "<AWS::Region>",
    LongshoreTable: "<Table>",
    LongshoreCommandsQueueUrl: "<CommandsQueue>",
    LongshoreCluster: "<Cluster>",
    LongshoreLogGroup: "<TasksLogs>",
    LongshoreVpc: "<Vpc>",
    LongshoreSubnets: "<Subnet1>,<Subnet2>",
    LongshoreSecurityGroups: "<TasksSecurityGroup.GroupId>,<CallersSecurityGroup.GroupId>",
    LongshoreCallersSecurityGroup: "<CallersSecurityGroup.GroupId>",
    LongshoreExecutionRole: "<ExecutionRole.Arn>",
  });
});

test("everything that takes tags is tagged with the install", () => {
  const tagged = [...install.resources].filter(([, { Properties }]) => Array.isArray(Properties.Tags));
  expect(tagged.length).toBeGreaterThan(30);
  for (const [id, { Properties }] of tagged)
    expect(Properties.Tags, id).toEqual(
      expect.arrayContaining([
        { Key: "application", Value: "longshore" },
        { Key: "longshore:name", Value: "longshore" },
      ]),
    );
});

/** A function's variables, references as text; those of URLs as URLs. */
function environmentOf(name: string): Readonly<Record<string, string>> {
  const { Variables } = install.at(name).Properties.Environment as {
    readonly Variables: Readonly<Record<string, unknown>>;
  };
  return Object.fromEntries(
    Object.entries(Variables).map(([variable, value]) => {
      const shown = install.shown(value);
      return [variable, /_URLS?$/.test(variable) ? shown.replaceAll("<", "https://<") : shown];
    }),
  );
}

function dimensionsOf({ Dimensions }: Readonly<Record<string, unknown>>): readonly string[] {
  return (Dimensions as readonly { Name: string; Value: unknown }[]).map(
    ({ Name, Value }) => `${Name}=${install.shown(Value)}`,
  );
}

/** What the local cluster's install is created from. */
async function createdLocally() {
  const queues = new Map<string, Readonly<Record<string, string>>>();
  let table: CreateTableCommandInput | undefined;
  const dynamodb = {
    send: async (command: unknown) => {
      if (command instanceof CreateTableCommand) table = command.input;
      return { Table: { TableStatus: "ACTIVE" } };
    },
  } as unknown as DynamoDBClient;
  const sqs = {
    send: async (command: unknown) => {
      if (command instanceof CreateQueueCommand)
        queues.set(command.input.QueueName ?? "", command.input.Attributes ?? {});
      return command instanceof GetQueueAttributesCommand ? { Attributes: { QueueArn: "arn" } } : { QueueUrl: "url" };
    },
  } as unknown as SQSClient;
  await createInstall({ dynamodb, sqs });
  if (!table) throw new Error("no table was created");
  return { table, queues };
}

function fail(name: string): never {
  throw new Error(`there is no queue ${name}`);
}
