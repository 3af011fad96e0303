import { validate } from "../../sim/elb/error.ts";
import type { TargetGroup } from "../../sim/elb/resources.ts";

const delayKey = "deregistration_delay.timeout_seconds";

/** Attributes that only have the value which a real target group has by default. */
const fixed: Readonly<Record<string, string>> = {
  "stickiness.enabled": "false",
  "stickiness.type": "lb_cookie",
  "stickiness.lb_cookie.duration_seconds": "86400",
  "stickiness.app_cookie.cookie_name": "",
  "stickiness.app_cookie.duration_seconds": "86400",
  "load_balancing.algorithm.type": "round_robin",
  "load_balancing.algorithm.anomaly_mitigation": "off",
  "load_balancing.cross_zone.enabled": "use_load_balancer_configuration",
  "slow_start.duration_seconds": "0",
  "target_group_health.dns_failover.minimum_healthy_targets.count": "1",
  "target_group_health.dns_failover.minimum_healthy_targets.percentage": "off",
  "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count": "1",
  "target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage": "off",
};

/** All attributes of a target group, as DescribeTargetGroupAttributes lists them. */
export function attributesOf({ deregistrationDelaySeconds }: TargetGroup): readonly { Key: string; Value: string }[] {
  const all = { [delayKey]: String(deregistrationDelaySeconds), ...fixed };
  return Object.entries(all).map(([Key, Value]) => ({ Key, Value }));
}

/**
 * The deregistration delay that these attributes set, in seconds, if they do.
 *
 * @throws ElbError ValidationError for an attribute that we do not have, or a value of it that we do not do.
 */
export function delayFrom(attributes: readonly { readonly key: string; readonly value: string }[]): number | undefined {
  let delaySeconds: number | undefined;
  for (const { key, value } of attributes) {
    if (key === delayKey) {
      validate(/^\d{1,9}$/.test(value), `${delayKey} must be 0 to 3600, got "${value}"`);
      delaySeconds = Number(value);
    } else {
      validate(key in fixed, `target group attribute "${key}" is not known`);
      validate(fixed[key] === value, `the local load balancer only does ${key} = "${fixed[key]}", got "${value}"`);
    }
  }
  return delaySeconds;
}
