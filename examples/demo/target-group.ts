import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  DescribeTargetHealthCommand,
  type ElasticLoadBalancingV2Client,
  ModifyTargetGroupAttributesCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";

/** State of each target of a group, by its address. */
export async function targetStates(
  elb: ElasticLoadBalancingV2Client,
  targetGroup: string,
): Promise<ReadonlyMap<string, string>> {
  const { TargetHealthDescriptions = [] } = await elb.send(
    new DescribeTargetHealthCommand({ TargetGroupArn: targetGroup }),
  );
  return new Map(
    TargetHealthDescriptions.map(({ Target, TargetHealth }) => [Target?.Id ?? "", TargetHealth?.State ?? ""]),
  );
}

/** A load balancer that listens on a port, with a target group whose checks come as often as ELB allows. */
export async function createLoadBalancer(elb: ElasticLoadBalancingV2Client, port: number): Promise<string> {
  const balancer = await elb.send(
    new CreateLoadBalancerCommand({ Name: "web", Subnets: ["subnet-a", "subnet-b", "subnet-c"] }),
  );
  const group = await elb.send(
    new CreateTargetGroupCommand({
      Name: "web",
      Protocol: "HTTP",
      Port: 8080,
      TargetType: "ip",
      VpcId: "vpc-local",
      HealthCheckPath: "/health",
      HealthCheckIntervalSeconds: 5, // 30
      HealthCheckTimeoutSeconds: 2, // 5
      HealthyThresholdCount: 2, // 5
    }),
  );
  const TargetGroupArn = group.TargetGroups?.[0]?.TargetGroupArn ?? "";
  const Attributes = [{ Key: "deregistration_delay.timeout_seconds", Value: "5" }]; // 300
  await elb.send(new ModifyTargetGroupAttributesCommand({ TargetGroupArn, Attributes }));
  await elb.send(
    new CreateListenerCommand({
      LoadBalancerArn: balancer.LoadBalancers?.[0]?.LoadBalancerArn,
      Protocol: "HTTP",
      Port: port,
      DefaultActions: [{ Type: "forward", TargetGroupArn }],
    }),
  );
  return TargetGroupArn;
}
