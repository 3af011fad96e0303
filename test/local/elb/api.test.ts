import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  type CreateTargetGroupCommandInput,
  DeleteListenerCommand,
  DeleteLoadBalancerCommand,
  DeleteTargetGroupCommand,
  DeregisterTargetsCommand,
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  ModifyTargetGroupAttributesCommand,
  ModifyTargetGroupCommand,
  RegisterTargetsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { elbApi } from "../../../local/elb/api.ts";
import { ElbError } from "../../../sim/elb/error.ts";
import type { ElbModel } from "../../../sim/elb/model.ts";
import { forgive } from "../../models/ledger.ts";
import { aModel, passed } from "../../sim/elb/support.ts";
import { aServer, bodyOf, type TestServer } from "./support.ts";

let model: ElbModel;
let opened: Set<string>;
let server: TestServer;
let client: ElasticLoadBalancingV2Client;

beforeEach(async () => {
  model = aModel({ nowMs: () => Date.UTC(2026, 0, 2) }).model;
  opened = new Set();
  const answer = elbApi(model, {
    async openListener({ arn, port }) {
      if (port === 81) throw new ElbError("DuplicateListener", "port 81 is taken");
      opened.add(arn);
    },
    closeListener: async (arn) => void opened.delete(arn),
  });
  server = await aServer(async (request, response) => {
    const parameters = new URLSearchParams(await bodyOf(request));
    const { status, body } = await answer({ action: parameters.get("Action") ?? "", parameters });
    response.writeHead(status, { "content-type": "text/xml" }).end(body);
  });
  client = new ElasticLoadBalancingV2Client({
    endpoint: `http://127.0.0.1:${server.port}`,
    region: "eu-west-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    maxAttempts: 1,
  });
});

afterEach(async () => {
  client.destroy();
  await server.kill();
});

const web: CreateTargetGroupCommandInput = {
  Name: "web",
  TargetType: "ip",
  Protocol: "HTTP",
  Port: 80,
  VpcId: "vpc-1",
};

async function createGroup(input: Partial<CreateTargetGroupCommandInput> = {}): Promise<string> {
  const { TargetGroups } = await client.send(new CreateTargetGroupCommand({ ...web, ...input }));
  return TargetGroups?.[0]?.TargetGroupArn ?? "";
}

async function createLoadBalancer(name = "main"): Promise<string> {
  const { LoadBalancers } = await client.send(
    new CreateLoadBalancerCommand({ Name: name, Subnets: ["subnet-a", "subnet-b"] }),
  );
  return LoadBalancers?.[0]?.LoadBalancerArn ?? "";
}

async function createListener(loadBalancer: string, group: string, port = 8080): Promise<string> {
  const DefaultActions = [{ Type: "forward" as const, TargetGroupArn: group }];
  const command = new CreateListenerCommand({
    LoadBalancerArn: loadBalancer,
    Protocol: "HTTP",
    Port: port,
    DefaultActions,
  });
  const { Listeners } = await client.send(command);
  return Listeners?.[0]?.ListenerArn ?? "";
}

describe("load balancers", () => {
  test("are created, described by name, and deleted with their listeners", async () => {
    const arn = await createLoadBalancer();
    await createListener(arn, await createGroup());
    const described = await client.send(new DescribeLoadBalancersCommand({ Names: ["main"] }));
    expect(described.LoadBalancers).toEqual([
      {
        LoadBalancerArn: arn,
        LoadBalancerName: "main",
        DNSName: "127.0.0.1",
        Scheme: "internet-facing",
        Type: "application",
        State: { Code: "active" },
        IpAddressType: "ipv4",
        CreatedTime: new Date(Date.UTC(2026, 0, 2)),
        AvailabilityZones: [{ SubnetId: "subnet-a" }, { SubnetId: "subnet-b" }],
        SecurityGroups: [],
      },
    ]);
    await client.send(new DeleteLoadBalancerCommand({ LoadBalancerArn: arn }));
    expect([model.loadBalancers(), model.listeners(), opened.size]).toEqual([[], [], 0]);
  });
});

describe("target groups", () => {
  test("have ELBv2's defaults", async () => {
    const arn = await createGroup();
    const { TargetGroups } = await client.send(new DescribeTargetGroupsCommand({ TargetGroupArns: [arn] }));
    expect(TargetGroups).toEqual([
      {
        TargetGroupArn: arn,
        TargetGroupName: "web",
        Protocol: "HTTP",
        ProtocolVersion: "HTTP1",
        Port: 80,
        VpcId: "vpc-1",
        TargetType: "ip",
        IpAddressType: "ipv4",
        HealthCheckEnabled: true,
        HealthCheckProtocol: "HTTP",
        HealthCheckPort: "traffic-port",
        HealthCheckPath: "/",
        HealthCheckIntervalSeconds: 30,
        HealthCheckTimeoutSeconds: 5,
        HealthyThresholdCount: 5,
        UnhealthyThresholdCount: 2,
        Matcher: { HttpCode: "200" },
        LoadBalancerArns: [],
      },
    ]);
  });

  test("take every setting of the health check, at creation and later", async () => {
    const arn = await createGroup({
      HealthCheckPath: "/up?a=1&b=<2>",
      HealthCheckIntervalSeconds: 5,
      HealthCheckTimeoutSeconds: 2,
    });
    const { TargetGroups } = await client.send(
      new ModifyTargetGroupCommand({
        TargetGroupArn: arn,
        HealthyThresholdCount: 2,
        UnhealthyThresholdCount: 3,
        HealthCheckPort: "9000",
        Matcher: { HttpCode: "200-299" },
      }),
    );
    expect(TargetGroups?.[0]).toMatchObject({
      HealthCheckPath: "/up?a=1&b=<2>",
      HealthCheckIntervalSeconds: 5,
      HealthCheckTimeoutSeconds: 2,
      HealthyThresholdCount: 2,
      UnhealthyThresholdCount: 3,
      HealthCheckPort: "9000",
      Matcher: { HttpCode: "200-299" },
    });
  });

  test("are listed by load balancer", async () => {
    const loadBalancer = await createLoadBalancer();
    const used = await createGroup();
    await createGroup({ Name: "idle" });
    await createListener(loadBalancer, used);
    const { TargetGroups } = await client.send(new DescribeTargetGroupsCommand({ LoadBalancerArn: loadBalancer }));
    expect(TargetGroups).toMatchObject([{ TargetGroupArn: used, LoadBalancerArns: [loadBalancer] }]);
  });

  test("keep a deregistration delay, and other attributes at what we do", async () => {
    const arn = await createGroup();
    const set = (Key: string, Value: string) =>
      client.send(new ModifyTargetGroupAttributesCommand({ TargetGroupArn: arn, Attributes: [{ Key, Value }] }));
    await set("deregistration_delay.timeout_seconds", "7");
    await set("stickiness.enabled", "false");
    const { Attributes } = await client.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn: arn }));
    expect(Attributes).toContainEqual({ Key: "deregistration_delay.timeout_seconds", Value: "7" });
    await expect(set("stickiness.enabled", "true")).rejects.toThrow(
      'only does stickiness.enabled = "false", got "true"',
    );
    await expect(set("color", "red")).rejects.toThrow('target group attribute "color" is not known');
    await expect(set("deregistration_delay.timeout_seconds", "soon")).rejects.toThrow('must be 0 to 3600, got "soon"');
  });

  test("are deleted once no listener forwards to them", async () => {
    const group = await createGroup();
    const listener = await createListener(await createLoadBalancer(), group);
    await expect(client.send(new DeleteTargetGroupCommand({ TargetGroupArn: group }))).rejects.toMatchObject({
      name: "ResourceInUseException",
    });
    await client.send(new DeleteListenerCommand({ ListenerArn: listener }));
    await client.send(new DeleteTargetGroupCommand({ TargetGroupArn: group }));
    expect(model.targetGroups()).toEqual([]);
  });
});

describe("listeners", () => {
  test("forward to one target group, and have their port opened and closed", async () => {
    const loadBalancer = await createLoadBalancer();
    const group = await createGroup();
    const arn = await createListener(loadBalancer, group);
    const isOpen = opened.has(arn);
    const described = await client.send(new DescribeListenersCommand({ LoadBalancerArn: loadBalancer }));
    expect(described.Listeners).toMatchObject([
      {
        ListenerArn: arn,
        LoadBalancerArn: loadBalancer,
        Port: 8080,
        Protocol: "HTTP",
        DefaultActions: [{ Type: "forward", TargetGroupArn: group }],
      },
    ]);
    await client.send(new DeleteListenerCommand({ ListenerArn: arn }));
    expect([isOpen, opened.has(arn)]).toEqual([true, false]);
  });

  test("may name the group in a ForwardConfig", async () => {
    const group = await createGroup();
    const DefaultActions = [
      { Type: "forward" as const, ForwardConfig: { TargetGroups: [{ TargetGroupArn: group, Weight: 1 }] } },
    ];
    await client.send(
      new CreateListenerCommand({
        LoadBalancerArn: await createLoadBalancer(),
        Port: 8080,
        Protocol: "HTTP",
        DefaultActions,
      }),
    );
    expect(model.listeners()).toMatchObject([{ targetGroup: group }]);
  });

  test("created twice are one, opened once", async () => {
    const loadBalancer = await createLoadBalancer();
    const group = await createGroup();
    expect(await createListener(loadBalancer, group)).toBe(await createListener(loadBalancer, group));
  });

  test("whose port is taken are not created", async () => {
    const loadBalancer = await createLoadBalancer();
    await expect(createListener(loadBalancer, await createGroup(), 81)).rejects.toMatchObject({
      name: "DuplicateListenerException",
      message: "port 81 is taken",
    });
    expect(model.listeners()).toEqual([]);
  });
});

describe("targets", () => {
  test("are registered, described and deregistered", async () => {
    const group = await createGroup();
    await createListener(await createLoadBalancer(), group);
    const Targets = [{ Id: "10.0.0.1", Port: 3000 }, { Id: "10.0.0.2" }];
    const describeHealth = async (input: object = {}) =>
      (await client.send(new DescribeTargetHealthCommand({ TargetGroupArn: group, ...input })))
        .TargetHealthDescriptions;

    await client.send(new RegisterTargetsCommand({ TargetGroupArn: group, Targets }));
    const registered = await describeHealth();
    for (const check of model.startChecks()) model.checkResult(check, passed);
    await client.send(
      new DeregisterTargetsCommand({ TargetGroupArn: group, Targets: [...Targets.slice(1), { Id: "10.0.0.9" }] }),
    );
    const initial = {
      State: "initial",
      Reason: "Elb.RegistrationInProgress",
      Description: "Target registration is in progress",
    };
    expect(registered).toEqual([
      { Target: { Id: "10.0.0.1", Port: 3000 }, HealthCheckPort: "3000", TargetHealth: initial },
      { Target: { Id: "10.0.0.2", Port: 80 }, HealthCheckPort: "80", TargetHealth: initial },
    ]);
    expect(await describeHealth()).toEqual([
      { Target: { Id: "10.0.0.1", Port: 3000 }, HealthCheckPort: "3000", TargetHealth: { State: "healthy" } },
    ]);
    expect(await describeHealth({ Targets: [{ Id: "10.0.0.2" }] })).toMatchObject([
      { Target: { Id: "10.0.0.2", Port: 80 }, TargetHealth: { State: "unused", Reason: "Target.NotRegistered" } },
    ]);
  });
});

describe("refusals", () => {
  const none = "arn:aws:elasticloadbalancing:eu-west-1:000000000000:targetgroup/none/0";
  test.for([
    {
      name: "TargetGroupNotFoundException",
      command: () => new RegisterTargetsCommand({ TargetGroupArn: none, Targets: [{ Id: "10.0.0.1" }] }),
    },
    { name: "TargetGroupNotFoundException", command: () => new DescribeTargetHealthCommand({ TargetGroupArn: none }) },
    { name: "TargetGroupNotFoundException", command: () => new DescribeTargetGroupsCommand({ Names: ["none"] }) },
    { name: "TargetGroupNotFoundException", command: () => new ModifyTargetGroupCommand({ TargetGroupArn: none }) },
    {
      name: "LoadBalancerNotFoundException",
      command: () => new DescribeLoadBalancersCommand({ LoadBalancerArns: [none] }),
    },
    { name: "LoadBalancerNotFoundException", command: () => new DescribeListenersCommand({ LoadBalancerArn: none }) },
    {
      name: "LoadBalancerNotFoundException",
      command: () => new DescribeTargetGroupsCommand({ LoadBalancerArn: none }),
    },
    { name: "ListenerNotFoundException", command: () => new DeleteListenerCommand({ ListenerArn: none }) },
    { name: "ValidationError", command: () => new DescribeListenersCommand({}) },
    { name: "ValidationError", command: () => new CreateTargetGroupCommand({ ...web, HealthCheckIntervalSeconds: 4 }) },
    { name: "ValidationError", command: () => new CreateTargetGroupCommand({ ...web, Protocol: "TCP" }) },
    { name: "ValidationError", command: () => new CreateTargetGroupCommand({ ...web, TargetType: "lambda" }) },
    { name: "ValidationError", command: () => new CreateTargetGroupCommand({ Name: "web", Protocol: "HTTP" }) },
    { name: "ValidationError", command: () => new CreateLoadBalancerCommand({ Name: "main", Type: "network" }) },
    { name: "ValidationError", command: () => new RegisterTargetsCommand({ TargetGroupArn: none, Targets: [] }) },
    {
      name: "InvalidLoadBalancerActionException",
      command: () =>
        new CreateListenerCommand({ LoadBalancerArn: none, Port: 80, DefaultActions: [{ Type: "redirect" }] }),
    },
    { name: "InvalidAction", command: () => new DescribeRulesCommand({ ListenerArn: none }) },
  ])("$name", async ({ name, command }) => {
    // Each command is of another type: `send` takes them one by one.
    await expect(client.send(command() as DescribeLoadBalancersCommand)).rejects.toMatchObject({
      name,
      $fault: "client",
    });
    forgive(/HealthCheckIntervalSeconds|Targets must name/);
  });

  test("a name that is taken by other settings", async () => {
    await createGroup();
    await expect(createGroup({ Port: 81 })).rejects.toMatchObject({ name: "DuplicateTargetGroupNameException" });
  });

  test("a bug of ours is a failure of the server", async () => {
    const broken = elbApi({
      ...model,
      loadBalancers: () => {
        throw new Error("broken");
      },
    });
    const answer = await broken({ action: "DescribeLoadBalancers", parameters: new URLSearchParams() });
    expect(answer).toMatchObject({ status: 500, body: expect.stringContaining("<Code>InternalFailure</Code>") });
  });
});
