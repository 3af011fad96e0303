import { App, Stack } from "aws-cdk-lib";
import { Key } from "aws-cdk-lib/aws-kms";
import { describe, expect, test } from "vitest";
import { functionNames, idOf } from "../../infra/names.ts";
import { type Ask, evaluate } from "./evaluate.ts";
import { deploy, statementsIn, statementsOf } from "./policies.ts";

const keyArn = "arn:aws:kms:us-east-1:000000000000:key/01234567-89ab-cdef-0123-456789abcdef";
const plain = deploy({ taskRoles: ["arn:aws:iam::000000000000:role/shop-tasks"], singleAlarms: true, dashboard: true });
const { synthesized } = plain;

/** Every policy that a resource of the stack carries for others to be let in, by where it stands. */
const resourcePolicies = [...synthesized.resources].flatMap(([path, { Type, Properties }]) => {
  const { PolicyDocument: document, ResourcePolicy, KeyPolicy } = Properties as Record<string, unknown>;
  const attached = (ResourcePolicy as { readonly PolicyDocument?: unknown } | undefined)?.PolicyDocument;
  const found = Type === "AWS::IAM::Role" ? undefined : (document ?? attached ?? KeyPolicy);
  return found === undefined ? [] : [{ path, statements: synthesized.statements(found) }];
});

describe("queues and table", () => {
  const queues = [...synthesized.all("AWS::SQS::Queue")];
  const arnOf = (path: string) => String(plain.resolve({ "Fn::GetAtt": [logicalId(path), "Arn"] }));
  const logicalId = (path: string) =>
    Object.entries(synthesized.template.toJSON().Resources).find(([, each]) => each === synthesized.at(path))?.[0] ??
    "";

  test("were looked at", () => {
    expect(queues.length).toBe(9);
    expect(resourcePolicies.length).toBeGreaterThanOrEqual(10);
  });

  test.for(queues.map(([path]) => path))("%s is encrypted, and has dead letters or is for them", (path) => {
    const { Properties } = synthesized.at(path);
    expect(Properties.SqsManagedSseEnabled).toBe(true);
    const isForDead = queues.some(([, other]) =>
      JSON.stringify(other.Properties.RedrivePolicy ?? "").includes(logicalId(path)),
    );
    expect(Properties.RedrivePolicy !== undefined || isForDead || path === "SweepDeadLetters").toBe(true);
  });

  test.for([...queues.map(([path]) => path), "Table"])("%s refuses everybody who comes without TLS", (path) => {
    const its = resourcePolicies.find((each) => each.path === path || each.path === `${path}/Policy`);
    const statements = statementsIn({ Statement: [...(its?.statements ?? [])] }, (value) => value);
    const action = path === "Table" ? "dynamodb:GetItem" : "sqs:SendMessage";
    const resource =
      path === "Table"
        ? "arn:<AWS::Partition>:dynamodb:<AWS::Region>:<AWS::AccountId>:table/longshore"
        : `<${path}.Arn>`;
    const allowing = [
      { Effect: "Allow", Action: [action], Resource: ["*"] } as const,
      ...statements.filter(({ Effect }) => Effect === "Deny"),
    ];
    const decide = (secure: string) =>
      evaluate(allowing, { action, resource, context: { "aws:SecureTransport": secure } }).allowed;
    expect([decide("false"), decide("true")]).toEqual([false, true]);
    expect(arnOf(path)).toMatch(/^arn:aws:/);
  });
});

describe("policies of resources", () => {
  const allowing = resourcePolicies.flatMap(({ path, statements }) =>
    statements.filter(({ Effect }) => Effect === "Allow").map((statement) => ({ path, ...statement })),
  );

  test("let in no person, no account and nobody in general: services alone", () => {
    const others = allowing.filter(({ Principal }) => Object.keys(Principal as object).join() !== "Service");
    expect(others).toEqual([]);
  });

  test("let a service in for this account and named sources alone", () => {
    expect(allowing.length).toBeGreaterThan(0);
    for (const { path, Condition = {} } of allowing) {
      expect(Condition.StringEquals, path).toEqual({ "aws:SourceAccount": { Ref: "AWS::AccountId" } });
      const sources = Condition.ArnEquals?.["aws:SourceArn"] as readonly unknown[];
      expect(sources.length, path).toBeGreaterThan(0);
      for (const source of sources) expect(plain.resolve(source), path).toMatch(/^arn:aws:events:.*:rule\/longshore-/);
    }
  });
});

describe("nobody reaches a function but by its queue or the schedule", () => {
  test.for(["AWS::Lambda::Permission", "AWS::Lambda::Url", "AWS::Lambda::Alias", "AWS::ApiGateway::RestApi"])(
    "no %s",
    (type) => {
      expect(synthesized.all(type).size).toBe(0);
    },
  );

  test("accept is invoked by its event source alone: no role of the stack may", () => {
    const able = [...synthesized.all("AWS::IAM::Role")].filter(
      ([, role]) =>
        evaluate(statementsOf(role, plain.resolve), {
          action: "lambda:InvokeFunction",
          resource: "arn:aws:lambda:us-east-1:000000000000:function:longshore-accept",
          context: {},
        }).allowed,
    );
    expect(able.map(([path]) => path)).toEqual([]);
  });

  test.for(functionNames)("the role of %s is the function's own", (name) => {
    expect(plain.resolve(synthesized.at(idOf(name)).Properties.Role)).toBe(
      plain.resolve({
        "Fn::GetAtt": [
          Object.entries(synthesized.template.toJSON().Resources).find(
            ([, each]) => each === synthesized.at(`${idOf(name)}Role`),
          )?.[0],
          "Arn",
        ],
      }),
    );
  });
});

describe("roles", () => {
  const roles = [...synthesized.all("AWS::IAM::Role")];
  const trusted: Readonly<Record<string, string>> = {
    ...Object.fromEntries(functionNames.map((name) => [`${idOf(name)}Role`, "lambda.amazonaws.com"])),
    ExecutionRole: "ecs-tasks.amazonaws.com",
    ScheduleRole: "scheduler.amazonaws.com",
  };

  test("are those seven, each for one service, with their policies in them", () => {
    const principals = roles.map(([path, { Properties }]) => {
      const [trust, ...others] = synthesized.statements(Properties.AssumeRolePolicyDocument);
      expect(others, path).toEqual([]);
      expect(trust?.Action, path).toEqual(["sts:AssumeRole"]);
      expect(Properties, path).not.toHaveProperty("ManagedPolicyArns");
      return [path, Object.values(trust?.Principal ?? {}).join()];
    });
    expect(Object.fromEntries(principals)).toEqual(trusted);
    expect([...synthesized.all("AWS::IAM::Policy"), ...synthesized.all("AWS::IAM::ManagedPolicy")]).toEqual([]);
  });

  test("let tasks start, and do nothing else: the execution role", () => {
    const actions = statementsOf(synthesized.at("ExecutionRole"), plain.resolve).flatMap(({ Action }) => Action);
    expect(
      actions.filter(
        (action) =>
          !/^(ecr:(GetAuthorizationToken|Batch(Get|Check)\w+|GetDownloadUrlForLayer)|logs:(CreateLogStream|PutLogEvents))$/.test(
            action,
          ),
      ),
    ).toEqual([]);
  });
});

describe("with a key of the account's", () => {
  const scope = new Stack(new App(), "Keys");
  const withKey = deploy({ key: Key.fromKeyArn(scope, "Key", keyArn) });
  const use = (action: string, via: string): Ask => ({
    action,
    resource: keyArn,
    context: { "kms:ViaService": `${via}.us-east-1.amazonaws.com` },
  });

  test("queues and table are encrypted with it", () => {
    const queues = [...withKey.synthesized.all("AWS::SQS::Queue").values()];
    expect(queues.length).toBe(9);
    for (const { Properties } of queues) expect(Properties.KmsMasterKeyId).toBe(keyArn);
    expect(withKey.synthesized.at("Table").Properties.SSESpecification).toMatchObject({
      KMSMasterKeyId: keyArn,
      SSEEnabled: true,
    });
  });

  test.for(functionNames)("%s uses it through them, and in no other way", (name) => {
    const decide = (ask: Ask) => evaluate(withKey.roles[name], ask).allowed;
    expect(["dynamodb", "sqs"].map((via) => decide(use("kms:Decrypt", via)))).toEqual([true, true]);
    expect(decide(use("kms:Decrypt", "s3"))).toBe(false);
    expect(decide({ ...use("kms:Decrypt", "sqs"), context: {} })).toBe(false);
    expect(decide({ ...use("kms:Decrypt", "sqs"), resource: `${keyArn}0` })).toBe(false);
    expect(decide(use("kms:ScheduleKeyDeletion", "sqs"))).toBe(false);
  });
});
