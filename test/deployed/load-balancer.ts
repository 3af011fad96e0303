import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  DescribeTargetHealthCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Aws } from "./aws.ts";

/** A load balancer in front of a target group, as a team has it beside Longshore. */
export interface LoadBalancer {
  readonly targetGroup: string;
  /** Where it answers: MiniStack's data plane. */
  readonly url: string;
  /** Addresses of its targets, in order. */
  targets(): Promise<readonly string[]>;
}

/** A load balancer of that name on port 80, in front of a target group for addresses. */
export async function createLoadBalancer({ elb, url }: Aws, name: string): Promise<LoadBalancer> {
  const { LoadBalancers = [] } = await elb.send(
    new CreateLoadBalancerCommand({ Name: name, Subnets: ["subnet-a", "subnet-b"] }),
  );
  const { TargetGroups = [] } = await elb.send(
    new CreateTargetGroupCommand({ Name: name, Protocol: "HTTP", Port: 8080, TargetType: "ip", VpcId: "vpc-shop" }),
  );
  const targetGroup = TargetGroups[0]?.TargetGroupArn ?? "";
  await elb.send(
    new CreateListenerCommand({
      LoadBalancerArn: LoadBalancers[0]?.LoadBalancerArn,
      Protocol: "HTTP",
      Port: 80,
      DefaultActions: [{ Type: "forward", TargetGroupArn: targetGroup }],
    }),
  );
  const targets = async () => {
    const command = new DescribeTargetHealthCommand({ TargetGroupArn: targetGroup });
    const { TargetHealthDescriptions = [] } = await elb.send(command);
    return TargetHealthDescriptions.map(({ Target }) => Target?.Id ?? "").toSorted();
  };
  return { targetGroup, targets, url: `${url}/_alb/${name}/` };
}
