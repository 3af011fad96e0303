import { ElbError, validate } from "../../sim/elb/error.ts";
import type { HealthCheck } from "../../sim/elb/health-check.ts";
import type { ElbModel } from "../../sim/elb/model.ts";
import type { NamedTarget, TargetGroup } from "../../sim/elb/resources.ts";
import type { Query } from "./query.ts";

/** Those whose ARN or name the query lists, in its order; all when it lists none. @throws ElbError `code` when one is missing */
export function select<Named extends { readonly arn: string; readonly name?: string }>(
  query: Query,
  arns: string,
  names: string | undefined,
  all: readonly Named[],
  code: string,
  kind: string,
): readonly Named[] {
  const byArn = query.texts(arns).map((arn) => ({ wanted: arn, found: all.find((each) => each.arn === arn) }));
  const wantedNames = names === undefined ? [] : query.texts(names);
  const byName = wantedNames.map((name) => ({ wanted: name, found: all.find((each) => each.name === name) }));
  if (byArn.length + byName.length === 0) return all;
  return [...byArn, ...byName].map(({ wanted, found }) => {
    if (!found) throw new ElbError(code, `${kind} "${wanted}" not found`);
    return found;
  });
}

/** The group that `TargetGroupArn` names. @throws ElbError TargetGroupNotFound */
export function findGroup(query: Query, model: ElbModel): TargetGroup {
  const arn = query.required("TargetGroupArn");
  const group = model.targetGroups().find((each) => each.arn === arn);
  if (!group) throw new ElbError("TargetGroupNotFound", `target group "${arn}" not found`);
  return group;
}

/** @throws ElbError LoadBalancerNotFound unless it exists */
export function requireLoadBalancer(model: ElbModel, arn: string): void {
  const exists = model.loadBalancers().some((each) => each.arn === arn);
  if (!exists) throw new ElbError("LoadBalancerNotFound", `load balancer "${arn}" not found`);
}

/** The list `Targets`. */
export function namedTargets(query: Query): readonly NamedTarget[] {
  return query.members("Targets").map((target) => {
    const port = target.integer("Port");
    return { id: target.required("Id"), ...(port !== undefined && { port }) };
  });
}

/** The one target group that `DefaultActions` forward to. @throws ElbError InvalidLoadBalancerAction for anything else */
export function forwardTarget(query: Query): string {
  const [action, ...more] = query.members("DefaultActions");
  validate(action !== undefined, "DefaultActions is required");
  const weighted = action.inside("ForwardConfig").members("TargetGroups");
  const named = [action.text("TargetGroupArn"), ...weighted.map((group) => group.required("TargetGroupArn"))];
  const groups = [...new Set(named.filter((arn) => arn !== undefined))];
  const [group] = groups;
  if (action.text("Type") !== "forward" || more.length > 0 || groups.length !== 1 || group === undefined) {
    const message = "the local load balancer only does one default action: forward to one target group";
    throw new ElbError("InvalidLoadBalancerAction", message);
  }
  return group;
}

/** What the request says of the health check. @throws ElbError ValidationError for a check that we do not do */
export function healthCheckFrom(query: Query): Partial<HealthCheck> {
  oneOf(query, "HealthCheckProtocol", ["HTTP"]);
  oneOf(query, "HealthCheckEnabled", ["true"]);
  const port = query.text("HealthCheckPort");
  const given = {
    path: query.text("HealthCheckPath"),
    port: port === undefined || port === "traffic-port" ? port : query.integer("HealthCheckPort"),
    intervalSeconds: query.integer("HealthCheckIntervalSeconds"),
    timeoutSeconds: query.integer("HealthCheckTimeoutSeconds"),
    healthyThreshold: query.integer("HealthyThresholdCount"),
    unhealthyThreshold: query.integer("UnhealthyThresholdCount"),
    matcher: query.inside("Matcher").text("HttpCode"),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** One of the words that we take for a parameter, if it is there. @throws ElbError ValidationError for another word */
export function oneOf<Word extends string>(query: Query, name: string, words: readonly Word[]): Word | undefined {
  const value = query.text(name);
  if (value === undefined) return undefined;
  const word = words.find((each) => each === value);
  validate(word !== undefined, `${name} of the local load balancer must be ${words.join(" or ")}, got "${value}"`);
  return word;
}
