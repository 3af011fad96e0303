import type { Target } from "../../core/ports/targets.ts";
import type { HealthCheck } from "./health-check.ts";
import { createListener, createLoadBalancer, deleteListener, deleteLoadBalancer } from "./load-balancers.ts";
import type {
  DescribedTarget,
  DueCheck,
  Listener,
  LoadBalancer,
  LoadBalancerInput,
  NamedTarget,
  TargetGroup,
  TargetGroupInput,
  Ticket,
} from "./resources.ts";
import type { ElbModelOptions, ElbState } from "./state.ts";
import { findTargetGroup } from "./state.ts";
import {
  createTargetGroup,
  deleteTargetGroup,
  deregisterTargets,
  modifyHealthCheck,
  registerTargets,
  setDeregistrationDelay,
  targetHealth,
} from "./target-groups.ts";
import type { CheckAnswer } from "./target-life.ts";
import {
  countRequest,
  endCheck,
  nextDueMs,
  pick,
  type RequestCounts,
  refuse,
  requestCounts,
  startChecks,
} from "./target-set.ts";

/**
 * Application Load Balancers without a network: what is registered where, what state it is in and whose turn it is.
 * It has no timer and makes no connection. Somebody makes the checks that are due and reports their answers, and
 * asks for a target for each request. Everything throws `ElbError` with the codes of the ELBv2 API.
 */
export interface ElbModel {
  createLoadBalancer(input: LoadBalancerInput): LoadBalancer;
  loadBalancers(): readonly LoadBalancer[];
  /** Answers the listeners that went with it. */
  deleteLoadBalancer(arn: string): readonly Listener[];

  createTargetGroup(input: TargetGroupInput): TargetGroup;
  targetGroups(): readonly TargetGroup[];
  modifyHealthCheck(arn: string, changes: Partial<HealthCheck>): TargetGroup;
  setDeregistrationDelay(arn: string, seconds: number): TargetGroup;
  deleteTargetGroup(arn: string): void;

  createListener(input: Omit<Listener, "arn">): Listener;
  listeners(): readonly Listener[];
  deleteListener(arn: string): void;

  registerTargets(targetGroup: string, targets: readonly NamedTarget[]): void;
  deregisterTargets(targetGroup: string, targets: readonly NamedTarget[]): void;
  /** Every target, in the order of registration; or those named, registered or not. */
  targetHealth(targetGroup: string, targets?: readonly NamedTarget[]): readonly DescribedTarget[];

  /** The target whose turn it is: a healthy one, or any registered one while none is healthy. Undefined: none is left, or no such group. */
  pick(targetGroup: string, exclude?: readonly Target[]): Ticket | undefined;
  /** To be called in the same turn as `pick`, so that a drain never ends in between. */
  requestStarted(ticket: Ticket): void;
  requestFinished(ticket: Ticket): void;
  /** No connection could be made for a request: a healthy target becomes unhealthy at once. */
  requestRefused(ticket: Ticket): void;
  /** The requests of a target since it was registered; of one that is gone, those until then; 0 for one that never was there. */
  requestCounts(targetGroup: string, target: Target): RequestCounts;

  /** The checks to make now; each counts as started. */
  startChecks(): readonly DueCheck[];
  checkResult(check: DueCheck, answer: CheckAnswer): void;
  /** When a check is due next or a drain over, epoch ms. */
  nextDueMs(): number | undefined;
  /** Called after every change that may have moved `nextDueMs` forward; answers how to stop that. */
  onChange(listener: () => void): () => void;
}

/** An empty model: no load balancer, no target group. */
export function createElbModel(options: ElbModelOptions): ElbModel {
  let last = 0;
  const nextNumber = () => {
    last += 1;
    return last;
  };
  const state: ElbState = {
    ...options,
    loadBalancers: new Map(),
    listeners: new Map(),
    targetGroups: new Map(),
    nextNumber,
  };
  return { ...controlPlane(state), ...dataPlane(state) };
}

function controlPlane(state: ElbState) {
  const listeners = new Set<() => void>();
  /** The same function, which tells the listeners once it has succeeded. */
  const changing =
    <Input extends readonly unknown[], Output>(change: (state: ElbState, ...input: Input) => Output) =>
    (...input: Input): Output => {
      const output = change(state, ...input);
      for (const listener of listeners) listener();
      return output;
    };
  return {
    createLoadBalancer: changing(createLoadBalancer),
    loadBalancers: () => [...state.loadBalancers.values()],
    deleteLoadBalancer: changing(deleteLoadBalancer),
    createTargetGroup: changing(createTargetGroup),
    targetGroups: () => [...state.targetGroups.values()].map(({ group }) => group),
    modifyHealthCheck: changing(modifyHealthCheck),
    setDeregistrationDelay: changing(setDeregistrationDelay),
    deleteTargetGroup: changing(deleteTargetGroup),
    createListener: changing(createListener),
    listeners: () => [...state.listeners.values()],
    deleteListener: changing(deleteListener),
    registerTargets: changing(registerTargets),
    deregisterTargets: changing(deregisterTargets),
    targetHealth: (arn: string, named?: readonly NamedTarget[]) => targetHealth(state, arn, named),
    onChange: (listener: () => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

function dataPlane(state: ElbState) {
  const targetsOf = (arn: string) => state.targetGroups.get(arn)?.targets;
  const count = (ticket: Ticket, step: 1 | -1) => {
    const targets = targetsOf(ticket.targetGroup);
    if (targets) countRequest(targets, ticket, step, state.nowMs());
  };
  return {
    pick: (targetGroup: string, exclude: readonly Target[] = []) => {
      const found = state.targetGroups.get(targetGroup);
      const picked = found && pick(found.targets, exclude);
      return picked && { ...picked, targetGroup, targetType: found.group.targetType };
    },
    requestCounts: (targetGroup: string, target: Target) => requestCounts(targetsOf(targetGroup), target),
    requestStarted: (ticket: Ticket) => count(ticket, 1),
    requestFinished: (ticket: Ticket) => count(ticket, -1),
    requestRefused: (ticket: Ticket) => {
      const targets = targetsOf(ticket.targetGroup);
      if (targets) refuse(targets, ticket);
    },
    startChecks: () => [...state.targetGroups.keys()].flatMap((arn) => startGroupChecks(state, arn)),
    checkResult: (check: DueCheck, answer: CheckAnswer) => {
      const found = state.targetGroups.get(check.targetGroup);
      if (found) endCheck(found.targets, check, answer, found.group.healthCheck);
    },
    nextDueMs: () => earliest([...state.targetGroups.values()].map(({ targets }) => nextDueMs(targets))),
  };
}

function startGroupChecks(state: ElbState, targetGroup: string): readonly DueCheck[] {
  const { group, targets } = findTargetGroup(state, targetGroup);
  const { path, port, timeoutSeconds, intervalSeconds } = group.healthCheck;
  return startChecks(targets, intervalSeconds, state.nowMs(), state.nextNumber).map(({ target, number }) => ({
    targetGroup,
    targetType: group.targetType,
    target,
    port: port === "traffic-port" ? target.port : port,
    path,
    timeoutSeconds,
    number,
  }));
}

function earliest(dueMs: readonly (number | undefined)[]): number | undefined {
  return dueMs.reduce((least, due) => (least === undefined || (due ?? least) < least ? due : least), undefined);
}
