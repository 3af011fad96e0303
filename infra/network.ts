import { Fn, Tags, Validations } from "aws-cdk-lib";
import {
  CfnInternetGateway,
  CfnRoute,
  CfnRouteTable,
  CfnSecurityGroup,
  CfnSubnet,
  CfnSubnetRouteTableAssociation,
  CfnVPC,
  CfnVPCGatewayAttachment,
  type IVpc,
  type SubnetSelection,
} from "aws-cdk-lib/aws-ec2";
import type { Construct } from "constructs";
import { lasting } from "./lasting.ts";
import type { LongshoreProps, TaskNetwork } from "./props.ts";

/** Where tasks run, with nothing left open. */
export interface TasksNetwork extends Required<TaskNetwork> {
  /** Id of the security group whose members reach tasks, where it was made here: load balancers join it. */
  readonly callers?: string;
}

/** The network of tasks in a VPC of CDK's, such as `networkIn(vpc, { subnetType: SubnetType.PRIVATE_WITH_EGRESS })`. */
export function networkIn(vpc: Pick<IVpc, "vpcId" | "selectSubnets">, selection: SubnetSelection = {}): TaskNetwork {
  const { subnets } = vpc.selectSubnets(selection);
  return {
    vpcId: vpc.vpcId,
    subnets: Object.fromEntries(subnets.map(({ subnetId, availabilityZone }) => [subnetId, availabilityZone])),
  };
}

/** The given network, or one of its own that costs nothing at rest. Running tasks stand on it: all of it outlives the stack. */
export function createNetwork(
  scope: Construct,
  install: string,
  { network: given, zones = 2, capacity = "fargate" }: LongshoreProps,
): TasksNetwork {
  // ECS gives public addresses to tasks on Fargate alone.
  const found: TaskNetwork = given ?? { ...publicVpc(scope, install, zones), publicIp: capacity === "fargate" };
  const { vpcId, subnets, publicIp = false, securityGroups } = found;
  const network = { vpcId, subnets, publicIp };
  return securityGroups ? { ...network, securityGroups } : { ...network, ...closedGroups(scope, install, vpcId) };
}

/** Public subnets, so that images come through the internet gateway, which is free; a NAT gateway costs more than the install. */
function publicVpc(scope: Construct, install: string, zones: number): Pick<TaskNetwork, "vpcId" | "subnets"> {
  const vpc = lasting(
    new CfnVPC(scope, "Vpc", { cidrBlock: "10.0.0.0/16", enableDnsHostnames: true, enableDnsSupport: true }),
  );
  Tags.of(vpc).add("Name", install);
  Validations.of(vpc).acknowledge({
    id: "AwsSolutions-VPC7",
    reason: "flow logs are paid for by traffic: whoever wants them gives a network of their own that has them",
  });
  const gateway = lasting(new CfnInternetGateway(scope, "InternetGateway"));
  const attachment = lasting(
    new CfnVPCGatewayAttachment(scope, "InternetGatewayAttachment", {
      vpcId: vpc.ref,
      internetGatewayId: gateway.ref,
    }),
  );
  const routes = lasting(new CfnRouteTable(scope, "RouteTable", { vpcId: vpc.ref }));
  const route = lasting(
    new CfnRoute(scope, "InternetRoute", {
      routeTableId: routes.ref,
      destinationCidrBlock: "0.0.0.0/0",
      gatewayId: gateway.ref,
    }),
  );
  route.addResourceDependency(attachment);
  const subnets = Array.from({ length: zones }, (_, index) => {
    const subnet = lasting(
      new CfnSubnet(scope, `Subnet${index + 1}`, {
        vpcId: vpc.ref,
        cidrBlock: `10.0.${64 * index}.0/18`,
        availabilityZone: Fn.select(index, Fn.getAzs()),
      }),
    );
    Tags.of(subnet).add("Name", `${install}-${index + 1}`);
    lasting(
      new CfnSubnetRouteTableAssociation(scope, `Subnet${index + 1}Routes`, {
        subnetId: subnet.ref,
        routeTableId: routes.ref,
      }),
    );
    return [subnet.ref, subnet.attrAvailabilityZone] as const;
  });
  return { vpcId: vpc.ref, subnets: Object.fromEntries(subnets) };
}

/**
 * A group for tasks that lets in one other group and nobody else. Tasks are in both, so that they reach one another; a
 * load balancer that joins the second reaches them. Two, since a group whose rule names itself takes a third resource.
 */
function closedGroups(
  scope: Construct,
  install: string,
  vpcId: string,
): Pick<TasksNetwork, "securityGroups" | "callers"> {
  const everywhere = { ipProtocol: "-1", cidrIp: "0.0.0.0/0" };
  const callers = lasting(
    new CfnSecurityGroup(scope, "CallersSecurityGroup", {
      vpcId,
      groupDescription: `what may reach tasks of ${install}`,
      securityGroupEgress: [{ ...everywhere, description: "whatever tasks and load balancers call" }],
    }),
  );
  const tasks = lasting(
    new CfnSecurityGroup(scope, "TasksSecurityGroup", {
      vpcId,
      groupDescription: `tasks of ${install}`,
      securityGroupIngress: [
        {
          ipProtocol: "-1",
          sourceSecurityGroupId: callers.attrGroupId,
          description: "tasks, and load balancers that join the group",
        },
      ],
      securityGroupEgress: [{ ...everywhere, description: "images, logs, and what tasks call" }],
    }),
  );
  return { securityGroups: [tasks.attrGroupId, callers.attrGroupId], callers: callers.attrGroupId };
}
