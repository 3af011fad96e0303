import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  DescribeTargetHealthCommand,
  ModifyTargetGroupAttributesCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { freePorts } from "../../local/free-ports.ts";
import type { Stage } from "./stage.ts";

/** A load balancer on a free port in front of a new target group, which checks as often as ELB allows. */
export async function aLoadBalancer({
  clients,
}: Stage): Promise<{ readonly targetGroup: string; readonly url: string }> {
  const elb = clients.elb.calls;
  const port = await freePorts().next();
  const { LoadBalancers = [] } = await elb.send(
    new CreateLoadBalancerCommand({ Name: "web", Subnets: ["subnet-a", "subnet-b", "subnet-c"] }),
  );
  const { TargetGroups = [] } = await elb.send(
    new CreateTargetGroupCommand({
      Name: "web",
      Protocol: "HTTP",
      Port: 8080,
      TargetType: "ip",
      VpcId: "vpc-local",
      HealthCheckIntervalSeconds: 5,
      HealthCheckTimeoutSeconds: 2,
    }),
  );
  const targetGroup = TargetGroups[0]?.TargetGroupArn ?? "";
  await elb.send(
    new ModifyTargetGroupAttributesCommand({
      TargetGroupArn: targetGroup,
      Attributes: [{ Key: "deregistration_delay.timeout_seconds", Value: "0" }],
    }),
  );
  await elb.send(
    new CreateListenerCommand({
      LoadBalancerArn: LoadBalancers[0]?.LoadBalancerArn,
      Protocol: "HTTP",
      Port: port,
      DefaultActions: [{ Type: "forward", TargetGroupArn: targetGroup }],
    }),
  );
  return { targetGroup, url: `http://127.0.0.1:${port}/` };
}

/** Addresses that a target group has, each with its state. */
export async function targetsOf({ clients }: Stage, targetGroup: string): Promise<ReadonlyMap<string, string>> {
  const { TargetHealthDescriptions = [] } = await clients.elb.reads.send(
    new DescribeTargetHealthCommand({ TargetGroupArn: targetGroup }),
  );
  return new Map(
    TargetHealthDescriptions.map(({ Target, TargetHealth }) => [Target?.Id ?? "", TargetHealth?.State ?? ""]),
  );
}
