import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  DeregisterTargetsCommand,
  DescribeTargetHealthCommand,
  type ElasticLoadBalancingV2Client,
  RegisterTargetsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { type Capability, refusalOf, see, seeWithin } from "./capability.ts";

/** Where the probe makes load balancers of its own. */
export interface ElbWorld {
  readonly elb: ElasticLoadBalancingV2Client;
  readonly prefix: string;
  readonly vpc: string;
  readonly subnets: readonly string[];
}

/** Nobody has it: what is registered with it cannot become healthy. */
const Targets = [{ Id: "10.255.255.1", Port: 9 }];

/** What traffic wants of Elastic Load Balancing v2. */
export const elbCapabilities = [
  {
    name: "target groups",
    isNeeded: true,
    try: async (world) => {
      const TargetGroupArn = await aTargetGroup(world, "plain");
      await world.elb.send(new RegisterTargetsCommand({ TargetGroupArn, Targets }));
      see((await statesOf(world, TargetGroupArn)).length === 1, "what is registered is not there");
      await world.elb.send(new DeregisterTargetsCommand({ TargetGroupArn, Targets }));
      await seeWithin(5_000, async () => {
        const states = await statesOf(world, TargetGroupArn);
        return states.every((state) => state === "draining") ? undefined : `what is deregistered is ${states}`;
      });
    },
  },
  {
    name: "an address may be registered with several ports",
    try: async (world) => {
      const TargetGroupArn = await aTargetGroup(world, "ports");
      const both = [9, 10].map((Port) => ({ Id: "10.255.255.1", Port }));
      await world.elb.send(new RegisterTargetsCommand({ TargetGroupArn, Targets: both }));
      const { length } = await statesOf(world, TargetGroupArn);
      see(length === 2, `of 2 ports there is ${length}`);
    },
  },
  {
    name: "a group that nobody listens for is unused",
    try: async (world) => {
      const TargetGroupArn = await aTargetGroup(world, "unused");
      await world.elb.send(new RegisterTargetsCommand({ TargetGroupArn, Targets }));
      const [state] = await statesOf(world, TargetGroupArn);
      see(state === "unused", `its target is ${state}`);
    },
  },
  {
    name: "target health",
    isNeeded: true,
    try: async (world) => {
      const TargetGroupArn = await aTargetGroup(world, "checked");
      await listened(world, TargetGroupArn);
      await world.elb.send(new RegisterTargetsCommand({ TargetGroupArn, Targets }));
      const [state] = await statesOf(world, TargetGroupArn);
      see(state === "initial" || state === "unhealthy", `an address that nobody has is ${state}`);
    },
  },
  {
    name: "an unknown target may be deregistered",
    try: async (world) => {
      const TargetGroupArn = await aTargetGroup(world, "none");
      await world.elb.send(new DeregisterTargetsCommand({ TargetGroupArn, Targets }));
    },
  },
  {
    name: "an unknown group is refused",
    try: async (world) => {
      const arn = (await aTargetGroup(world, "known")).replace("-known/", "-unknown/");
      const refusal = await refusalOf(statesOf(world, arn));
      see(/TargetGroupNotFound/.test(refusal), `refused with ${refusal}`);
    },
  },
] as const satisfies readonly Capability<ElbWorld>[];

function aTargetGroup(world: ElbWorld, name: string): Promise<string> {
  return createTargetGroup(world, `${world.prefix}-${name}`);
}

/** Makes a target group of addresses; answers its ARN. */
export async function createTargetGroup({ elb, vpc }: Pick<ElbWorld, "elb" | "vpc">, Name: string): Promise<string> {
  const { TargetGroups = [] } = await elb.send(
    new CreateTargetGroupCommand({
      Name,
      Protocol: "HTTP",
      Port: 80,
      TargetType: "ip",
      VpcId: vpc,
      HealthCheckIntervalSeconds: 5,
      HealthCheckTimeoutSeconds: 2,
    }),
  );
  return TargetGroups[0]?.TargetGroupArn ?? "";
}

/** Puts a load balancer in front of the group, without which its targets are not checked. */
async function listened({ elb, prefix, subnets }: ElbWorld, TargetGroupArn: string): Promise<void> {
  const create = new CreateLoadBalancerCommand({ Name: prefix, Subnets: [...subnets] });
  const { LoadBalancers = [] } = await elb.send(create);
  await elb.send(
    new CreateListenerCommand({
      LoadBalancerArn: LoadBalancers[0]?.LoadBalancerArn,
      Protocol: "HTTP",
      Port: 20_000 + Math.floor(Math.random() * 10_000),
      DefaultActions: [{ Type: "forward", TargetGroupArn }],
    }),
  );
}

async function statesOf({ elb }: ElbWorld, TargetGroupArn: string): Promise<readonly string[]> {
  const { TargetHealthDescriptions = [] } = await elb.send(new DescribeTargetHealthCommand({ TargetGroupArn }));
  return TargetHealthDescriptions.map(({ TargetHealth }) => TargetHealth?.State ?? "without a state");
}
