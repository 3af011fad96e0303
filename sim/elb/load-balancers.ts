import { ElbError, validate } from "./error.ts";
import { isPort } from "./health-check.ts";
import type { Listener, LoadBalancer, LoadBalancerInput } from "./resources.ts";
import type { ElbState } from "./state.ts";
import { findListener, findLoadBalancer, findTargetGroup, listenersOf, newArn, validateName } from "./state.ts";
import { setInUse } from "./target-set.ts";

/** Creates it, or answers the one that is there when it was created with the same settings. @throws ElbError */
export function createLoadBalancer(state: ElbState, input: LoadBalancerInput): LoadBalancer {
  validateName("load balancer", input.name);
  validate(
    !input.name.startsWith("internal-"),
    `load balancer name must not start with "internal-", got "${input.name}"`,
  );
  const settings = { scheme: "internet-facing", subnets: [], securityGroups: [], ...input } as const;
  const before = [...state.loadBalancers.values()].find(({ name }) => name === input.name);
  if (before) {
    if (sameSettings(before, settings)) return before;
    throw new ElbError("DuplicateLoadBalancerName", `load balancer "${input.name}" exists with other settings`);
  }
  const arn = newArn(state, `loadbalancer/app/${input.name}`);
  const loadBalancer = { ...settings, arn, createdAtMs: state.nowMs() };
  state.loadBalancers.set(arn, loadBalancer);
  return loadBalancer;
}

/** Deletes it and its listeners, which are answered; an unknown one is deleted already. */
export function deleteLoadBalancer(state: ElbState, arn: string): readonly Listener[] {
  const listeners = [...state.listeners.values()].filter(({ loadBalancer }) => loadBalancer === arn);
  for (const listener of listeners) deleteListener(state, listener.arn);
  state.loadBalancers.delete(arn);
  return listeners;
}

/**
 * Creates a listener, or answers the one of that port when it forwards to the same group.
 *
 * @throws ElbError DuplicateListener: the load balancer has one on that port; TargetGroupAssociationLimit: another
 *   load balancer forwards to the group.
 */
export function createListener(state: ElbState, input: Omit<Listener, "arn">): Listener {
  const { name, arn: loadBalancer } = findLoadBalancer(state, input.loadBalancer);
  const { targets } = findTargetGroup(state, input.targetGroup);
  validate(isPort(input.port), `listener port must be 1 to 65535, got ${input.port}`);
  const before = [...state.listeners.values()].find(
    (other) => other.loadBalancer === loadBalancer && other.port === input.port,
  );
  if (before?.targetGroup === input.targetGroup) return before;
  if (before) throw new ElbError("DuplicateListener", `load balancer "${name}" has a listener on port ${input.port}`);
  if (listenersOf(state, input.targetGroup).some((other) => other.loadBalancer !== loadBalancer)) {
    throw new ElbError(
      "TargetGroupAssociationLimit",
      `target group "${input.targetGroup}" is used by another load balancer`,
    );
  }
  const arn = newArn(
    state,
    loadBalancer.slice(loadBalancer.indexOf("loadbalancer/")).replace("loadbalancer/", "listener/"),
  );
  const listener = { ...input, arn };
  state.listeners.set(arn, listener);
  setInUse(targets, true, state.nowMs());
  return listener;
}

/** Deletes it; a group that no other listener forwards to is no longer in use. @throws ElbError ListenerNotFound */
export function deleteListener(state: ElbState, arn: string): void {
  const { targetGroup } = findListener(state, arn);
  state.listeners.delete(arn);
  const { targets } = findTargetGroup(state, targetGroup);
  setInUse(targets, listenersOf(state, targetGroup).length > 0, state.nowMs());
}

function sameSettings(one: LoadBalancer, other: Omit<LoadBalancer, "arn" | "createdAtMs">): boolean {
  const settingsOf = ({ scheme, subnets, securityGroups }: typeof other) =>
    JSON.stringify([scheme, subnets, securityGroups]);
  return settingsOf(one) === settingsOf(other);
}
