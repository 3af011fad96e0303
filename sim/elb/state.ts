import { ElbError, validate } from "./error.ts";
import type { Listener, LoadBalancer, TargetGroup } from "./resources.ts";
import type { TargetSet } from "./target-set.ts";

/** What a model is made with. */
export interface ElbModelOptions {
  /** Epoch milliseconds; nothing happens by itself, see `ElbModel.nextDueMs`. */
  readonly nowMs: () => number;
  readonly region: string;
  readonly account: string;
  /** A hex string of that many digits; deterministic in the simulator. */
  readonly hex: (digits: number) => string;
  /**
   * Shows a deregistered target as draining until the delay is over, as ELB documents, even when nothing is in flight
   * on it. Default: it is gone as soon as it is idle.
   */
  readonly drainsWholeDelay?: boolean;
}

/** Everything that a model remembers; each map is in the order of creation, by ARN. */
export interface ElbState extends ElbModelOptions {
  readonly loadBalancers: Map<string, LoadBalancer>;
  readonly listeners: Map<string, Listener>;
  readonly targetGroups: Map<string, { readonly group: TargetGroup; readonly targets: TargetSet }>;
  /** Numbers registrations and checks. */
  readonly nextNumber: () => number;
}

/** The ARN of something new, such as `…:targetgroup/web/0123456789abcdef`. */
export function newArn({ region, account, hex }: ElbState, path: string): string {
  return `arn:aws:elasticloadbalancing:${region}:${account}:${path}/${hex(16)}`;
}

/** @throws ElbError ValidationError unless ELBv2 takes it as the name of a `kind` */
export function validateName(kind: string, name: string): void {
  const fits = /^[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,30}[a-zA-Z0-9])?$/.test(name);
  validate(fits, `${kind} name must be 1 to 32 letters, digits and inner hyphens, got "${name}"`);
}

/** @throws ElbError LoadBalancerNotFound */
export function findLoadBalancer(state: ElbState, arn: string): LoadBalancer {
  const found = state.loadBalancers.get(arn);
  if (!found) throw new ElbError("LoadBalancerNotFound", `load balancer "${arn}" not found`);
  return found;
}

/** @throws ElbError TargetGroupNotFound */
export function findTargetGroup(state: ElbState, arn: string): { group: TargetGroup; targets: TargetSet } {
  const found = state.targetGroups.get(arn);
  if (!found) throw new ElbError("TargetGroupNotFound", `target group "${arn}" not found`);
  return found;
}

/** @throws ElbError ListenerNotFound */
export function findListener(state: ElbState, arn: string): Listener {
  const found = state.listeners.get(arn);
  if (!found) throw new ElbError("ListenerNotFound", `listener "${arn}" not found`);
  return found;
}

/** The listeners that forward to a group. */
export function listenersOf(state: ElbState, targetGroup: string): readonly Listener[] {
  return [...state.listeners.values()].filter((listener) => listener.targetGroup === targetGroup);
}
