import type { Target } from "../../core/ports/targets.ts";
import type { HealthCheck } from "./health-check.ts";
import type { ShownState } from "./target-life.ts";

/** What a group's targets are: private addresses of tasks, or instances with a host port. */
export type TargetType = "ip" | "instance";

/** An Application Load Balancer; `active` as soon as it exists. */
export interface LoadBalancer {
  readonly arn: string;
  readonly name: string;
  readonly scheme: "internet-facing" | "internal";
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  readonly createdAtMs: number;
}

/** A new load balancer; what is left out has its default. */
export type LoadBalancerInput = Pick<LoadBalancer, "name"> & Partial<Omit<LoadBalancer, "arn" | "createdAtMs">>;

/** A target group with protocol HTTP. */
export interface TargetGroup {
  readonly arn: string;
  readonly name: string;
  readonly targetType: TargetType;
  /** Where a target is reached that is registered without a port, 1 to 65535. */
  readonly port: number;
  readonly vpcId?: string;
  readonly healthCheck: HealthCheck;
  /** `deregistration_delay.timeout_seconds`, 0 to 3600. */
  readonly deregistrationDelaySeconds: number;
}

/** What is absent is ELBv2's default. */
export interface TargetGroupInput extends Pick<TargetGroup, "name" | "port"> {
  readonly targetType?: TargetType;
  readonly vpcId?: string;
  readonly healthCheck?: Partial<HealthCheck>;
}

/** A port of a load balancer, all of whose requests are forwarded to one target group. */
export interface Listener {
  readonly arn: string;
  readonly loadBalancer: string;
  readonly port: number;
  readonly targetGroup: string;
}

/** A target as a request names it; without a port it is the group's. */
export interface NamedTarget {
  readonly id: string;
  readonly port?: number;
}

/** A row of DescribeTargetHealth. */
export interface DescribedTarget extends Target, ShownState {}

/** A target that was picked for one request. */
export interface Ticket extends Target {
  readonly targetGroup: string;
  readonly targetType: TargetType;
  /** Which registration of this target: one that is gone no longer counts its requests. */
  readonly registration: number;
}

/** A health check that has to be made now. */
export interface DueCheck {
  readonly targetGroup: string;
  readonly targetType: TargetType;
  readonly target: Target;
  /** The port to check: the target's, unless the group has one for all. */
  readonly port: number;
  readonly path: string;
  readonly timeoutSeconds: number;
  /** Answers to any but the latest check of a target are ignored. */
  readonly number: number;
}
