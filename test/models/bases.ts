import { registerInput } from "../../aws/task-definition.ts";
import { aContainer, aDefinition } from "../contract/ecs-world.ts";
import type { aWorld } from "../sim/ecs/world.ts";

type World = ReturnType<typeof aWorld>;
/** Requests that ECS takes, by operation; each has every member that the engine looks at. */
export type Bases = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;

const tags = [{ key: "team", value: "shop" }];
const execution = "arn:aws:iam::123456789012:role/execution";

/** A task definition with everything that adapters send, for Fargate and for machines. */
const definitions = [registerInput(aDefinition({ tags: { team: "shop" } })), registerInput(fargateDefinition())];

function fargateDefinition() {
  const container = { ...aContainer(), workingDirectory: "/srv", user: "web", secrets: { A: `${execution}-secret` } };
  const logs = {
    driver: "awslogs",
    options: { "awslogs-group": "/shop", "awslogs-region": "eu-west-1", "awslogs-stream-prefix": "web" },
  };
  const { task, ...definition } = aDefinition({
    family: "longshore_x_shop_fargate",
    capacity: "fargate",
    network: { mode: "awsvpc", subnets: [], securityGroups: [], publicIp: false },
    containers: [{ ...container, logs } as ReturnType<typeof aContainer>],
  });
  return { ...definition, task: { ...task, taskRole: `${execution}-task` } };
}

/** Requests for what there is in a world, which has a node, a task definition and a task. */
export function ecsBases(world: World): Bases {
  const registered = world.call("RegisterTaskDefinition", { ...definitions[0], cluster: undefined });
  const { taskDefinitionArn: taskDefinition } = registered.taskDefinition as { readonly taskDefinitionArn: string };
  const fargate = world.call("RegisterTaskDefinition", { ...definitions[1], cluster: undefined });
  const { taskDefinitionArn } = fargate.taskDefinition as { readonly taskDefinitionArn: string };
  const node = world.node("i-1");
  const run = { cluster: "c", taskDefinition, launchType: "EC2" };
  const { tasks } = world.call("RunTask", run) as { readonly tasks: readonly { readonly taskArn: string }[] };
  const task = tasks[0]?.taskArn ?? "";
  const page = { maxResults: 10 };
  return {
    CreateCluster: [{ clusterName: "d", tags }],
    DeregisterTaskDefinition: [{ taskDefinition }],
    DescribeClusters: [{ clusters: ["c"], include: ["TAGS"] }],
    DescribeContainerInstances: [{ cluster: "c", containerInstances: [node], include: ["TAGS"] }],
    DescribeTaskDefinition: [{ taskDefinition, include: ["TAGS"] }],
    DescribeTasks: [{ cluster: "c", tasks: [task], include: ["TAGS"] }],
    ListClusters: [page],
    ListContainerInstances: [{ cluster: "c", status: "ACTIVE", filter: "attribute:a == b", ...page }],
    ListTagsForResource: [{ resourceArn: task }],
    ListTaskDefinitionFamilies: [{ familyPrefix: "longshore", status: "ACTIVE", ...page }],
    ListTaskDefinitions: [{ familyPrefix: "longshore_x_shop_web", status: "ACTIVE", sort: "DESC", ...page }],
    ListTasks: [
      { cluster: "c", family: "longshore_x_shop_web", desiredStatus: "RUNNING", launchType: "EC2", ...page },
      { cluster: "c", startedBy: "a", ...page },
      { cluster: "c", containerInstance: node },
    ],
    RegisterTaskDefinition: definitions.map((definition) => ({ ...definition })),
    RunTask: [
      {
        ...run,
        count: 1,
        clientToken: "token",
        startedBy: "token/set",
        group: "longshore/x/shop/web",
        enableECSManagedTags: true,
        enableExecuteCommand: false,
        propagateTags: "TASK_DEFINITION",
        tags,
        overrides: { containerOverrides: [{ name: "app", command: ["a"], environment: [{ name: "A", value: "b" }] }] },
        placementConstraints: [{ type: "memberOf", expression: "ec2InstanceId == i-1" }],
        placementStrategy: [{ type: "binpack", field: "cpu" }],
      },
      {
        ...run,
        taskDefinition: taskDefinitionArn,
        launchType: "FARGATE",
        networkConfiguration: {
          awsvpcConfiguration: { subnets: ["s1"], securityGroups: ["sg-1"], assignPublicIp: "ENABLED" },
        },
      },
    ],
    StopTask: [{ cluster: "c", task, reason: "a test" }],
    TagResource: [{ resourceArn: task, tags }],
  };
}

/** Requests that Elastic Load Balancing takes, once `call` has made what they name; `call` answers XML. */
export async function elbBases(call: (action: string, input: object) => Promise<string>): Promise<Bases> {
  const arnIn = (body: string, name: string) => new RegExp(`<${name}>([^<]+)`).exec(body)?.[1] ?? "";
  const balancer = { Name: "main", Subnets: ["subnet-1", "subnet-2"], SecurityGroups: ["sg-1"], Scheme: "internal" };
  const group = {
    Name: "web",
    Protocol: "HTTP",
    Port: 80,
    TargetType: "ip",
    VpcId: "vpc-1",
    HealthCheckProtocol: "HTTP",
    HealthCheckPort: "traffic-port",
    HealthCheckPath: "/health",
    HealthCheckIntervalSeconds: 10,
    HealthCheckTimeoutSeconds: 5,
    HealthyThresholdCount: 2,
    UnhealthyThresholdCount: 2,
    Matcher: { HttpCode: "200" },
  };
  const LoadBalancerArn = arnIn(await call("CreateLoadBalancer", balancer), "LoadBalancerArn");
  const TargetGroupArn = arnIn(await call("CreateTargetGroup", group), "TargetGroupArn");
  const DefaultActions = [{ Type: "forward", TargetGroupArn }];
  const listener = { LoadBalancerArn, Protocol: "HTTP", Port: 80, DefaultActions };
  const ListenerArn = arnIn(await call("CreateListener", listener), "ListenerArn");
  const Targets = [{ Id: "10.0.0.4", Port: 8080 }];
  const Attributes = [{ Key: "deregistration_delay.timeout_seconds", Value: "5" }];
  const { Name: _, Protocol, Port, TargetType, VpcId, ...health } = group;
  return {
    CreateListener: [{ ...listener, Port: 81 }],
    CreateLoadBalancer: [{ ...balancer, Name: "other", Type: "application" }],
    CreateTargetGroup: [{ ...group, Name: "other" }],
    DeleteListener: [{ ListenerArn }],
    DeleteLoadBalancer: [{ LoadBalancerArn }],
    DeleteTargetGroup: [{ TargetGroupArn: `${TargetGroupArn}0` }],
    DeregisterTargets: [{ TargetGroupArn, Targets }],
    DescribeListeners: [{ LoadBalancerArn }],
    DescribeLoadBalancers: [{ LoadBalancerArns: [LoadBalancerArn] }, { Names: ["main"] }],
    DescribeTargetGroupAttributes: [{ TargetGroupArn }],
    DescribeTargetGroups: [{ TargetGroupArns: [TargetGroupArn] }, { Names: ["web"] }],
    DescribeTargetHealth: [{ TargetGroupArn, Targets }],
    ModifyTargetGroup: [{ TargetGroupArn, ...health }],
    ModifyTargetGroupAttributes: [{ TargetGroupArn, Attributes }],
    RegisterTargets: [{ TargetGroupArn, Targets }],
  };
}

/** Requests that CloudWatch Logs takes, of the group `/shop`. */
export const logsBases: Bases = {
  FilterLogEvents: [
    { logGroupName: "/shop", logStreamNamePrefix: "web", startTime: 0, endTime: 1, limit: 10 },
    { logGroupName: "/shop", logStreamNames: ["web/1"], filterPattern: "" },
  ],
};
