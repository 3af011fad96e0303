import type { DescribedTarget, Listener, LoadBalancer, TargetGroup } from "../../sim/elb/resources.ts";
import type { XmlValue } from "./xml.ts";

/** The LoadBalancer of the ELBv2 API. Its name resolves to this machine; its ports are those of its listeners. */
export function loadBalancerShape({ arn, name, scheme, subnets, securityGroups, createdAtMs }: LoadBalancer): XmlValue {
  return {
    LoadBalancerArn: arn,
    LoadBalancerName: name,
    DNSName: "127.0.0.1",
    Scheme: scheme,
    Type: "application",
    State: { Code: "active" },
    IpAddressType: "ipv4",
    CreatedTime: new Date(createdAtMs).toISOString(),
    AvailabilityZones: subnets.map((subnet) => ({ SubnetId: subnet })),
    SecurityGroups: securityGroups,
  };
}

/** The TargetGroup of the ELBv2 API. */
export function targetGroupShape(group: TargetGroup, listeners: readonly Listener[]): XmlValue {
  const { healthCheck } = group;
  const users = listeners.filter(({ targetGroup }) => targetGroup === group.arn);
  return {
    TargetGroupArn: group.arn,
    TargetGroupName: group.name,
    Protocol: "HTTP",
    ProtocolVersion: "HTTP1",
    Port: group.port,
    VpcId: group.vpcId,
    TargetType: group.targetType,
    IpAddressType: "ipv4",
    HealthCheckEnabled: true,
    HealthCheckProtocol: "HTTP",
    HealthCheckPort: healthCheck.port,
    HealthCheckPath: healthCheck.path,
    HealthCheckIntervalSeconds: healthCheck.intervalSeconds,
    HealthCheckTimeoutSeconds: healthCheck.timeoutSeconds,
    HealthyThresholdCount: healthCheck.healthyThreshold,
    UnhealthyThresholdCount: healthCheck.unhealthyThreshold,
    Matcher: { HttpCode: healthCheck.matcher },
    LoadBalancerArns: [...new Set(users.map(({ loadBalancer }) => loadBalancer))],
  };
}

/** The Listener of the ELBv2 API. */
export function listenerShape({ arn, loadBalancer, port, targetGroup }: Listener): XmlValue {
  const forward = {
    TargetGroups: [{ TargetGroupArn: targetGroup, Weight: 1 }],
    TargetGroupStickinessConfig: { Enabled: false },
  };
  return {
    ListenerArn: arn,
    LoadBalancerArn: loadBalancer,
    Port: port,
    Protocol: "HTTP",
    DefaultActions: [{ Type: "forward", TargetGroupArn: targetGroup, ForwardConfig: forward }],
  };
}

/** The TargetHealthDescription of the ELBv2 API. */
export function targetHealthShape(target: DescribedTarget, { healthCheck }: TargetGroup): XmlValue {
  const { id, port, state, reason, description } = target;
  return {
    Target: { Id: id, Port: port },
    HealthCheckPort: healthCheck.port === "traffic-port" ? port : healthCheck.port,
    TargetHealth: { State: state, Reason: reason, Description: description },
  };
}
