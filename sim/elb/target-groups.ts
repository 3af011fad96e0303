import { isIPv4 } from "node:net";
import type { Target } from "../../core/ports/targets.ts";
import { ElbError, validate } from "./error.ts";
import type { HealthCheck } from "./health-check.ts";
import { checkedHealthCheck, defaultHealthCheck, isPort } from "./health-check.ts";
import type { DescribedTarget, NamedTarget, TargetGroup, TargetGroupInput } from "./resources.ts";
import type { ElbState } from "./state.ts";
import { findTargetGroup, listenersOf, newArn, validateName } from "./state.ts";
import { notRegistered } from "./target-life.ts";
import { deregister, describe, emptyTargetSet, register, settle } from "./target-set.ts";

const mostTargets = 1000;

/** Creates it, or answers the one that is there when it was created with the same settings. @throws ElbError */
export function createTargetGroup(state: ElbState, input: TargetGroupInput): TargetGroup {
  validateName("target group", input.name);
  validate(isPort(input.port), `target group port must be 1 to 65535, got ${input.port}`);
  const healthCheck = checkedHealthCheck({ ...defaultHealthCheck, ...input.healthCheck });
  const settings = { targetType: "instance", ...input, healthCheck } as const;
  const before = [...state.targetGroups.values()].find(({ group }) => group.name === input.name);
  if (before) {
    if (sameSettings(before.group, settings)) return before.group;
    throw new ElbError("DuplicateTargetGroupName", `target group "${input.name}" exists with other settings`);
  }
  const arn = newArn(state, `targetgroup/${input.name}`);
  const group = { ...settings, arn, deregistrationDelaySeconds: 300 };
  state.targetGroups.set(arn, { group, targets: emptyTargetSet(state.drainsWholeDelay ?? false) });
  return group;
}

/** Changes some of its health check; what is known of its targets stays. @throws ElbError */
export function modifyHealthCheck(state: ElbState, arn: string, changes: Partial<HealthCheck>): TargetGroup {
  const { group, targets } = findTargetGroup(state, arn);
  const modified = { ...group, healthCheck: checkedHealthCheck({ ...group.healthCheck, ...changes }) };
  state.targetGroups.set(arn, { group: modified, targets });
  return modified;
}

/** Sets `deregistration_delay.timeout_seconds` for deregistrations to come. @throws ElbError */
export function setDeregistrationDelay(state: ElbState, arn: string, seconds: number): TargetGroup {
  const { group, targets } = findTargetGroup(state, arn);
  const fits = Number.isInteger(seconds) && seconds >= 0 && seconds <= 3600;
  validate(fits, `deregistration_delay.timeout_seconds must be 0 to 3600, got ${seconds}`);
  const modified = { ...group, deregistrationDelaySeconds: seconds };
  state.targetGroups.set(arn, { group: modified, targets });
  return modified;
}

/** Deletes it with its targets; an unknown one is deleted already. @throws ElbError ResourceInUse */
export function deleteTargetGroup(state: ElbState, arn: string): void {
  const [listener] = listenersOf(state, arn);
  if (listener) throw new ElbError("ResourceInUse", `target group "${arn}" is in use by listener "${listener.arn}"`);
  state.targetGroups.delete(arn);
}

/** All of them or, when one does not fit or there would be too many, none. @throws ElbError */
export function registerTargets(state: ElbState, arn: string, named: readonly NamedTarget[]): void {
  const { group, targets } = findTargetGroup(state, arn);
  const wanted = named.map((target) => checkedTarget(target, group));
  settle(targets, state.nowMs());
  const ids = new Set([...targets.entries.keys(), ...wanted.map(({ id, port }) => `${id}:${port}`)]);
  if (ids.size > mostTargets) {
    throw new ElbError("TooManyTargets", `target group "${group.name}" takes ${mostTargets} targets, got ${ids.size}`);
  }
  register(targets, wanted, state.nowMs(), state.nextNumber);
}

/** Unknown targets are deregistered already. @throws ElbError TargetGroupNotFound */
export function deregisterTargets(state: ElbState, arn: string, named: readonly NamedTarget[]): void {
  const { group, targets } = findTargetGroup(state, arn);
  const leaving = named.map((target) => withPort(target, group));
  deregister(targets, leaving, state.nowMs(), group.deregistrationDelaySeconds);
}

/** The state of every target or, when some are named, of those, registered or not. @throws ElbError TargetGroupNotFound */
export function targetHealth(state: ElbState, arn: string, named?: readonly NamedTarget[]): readonly DescribedTarget[] {
  const { group, targets } = findTargetGroup(state, arn);
  settle(targets, state.nowMs());
  const all = describe(targets);
  return (
    named?.map((target) => {
      const { id, port } = withPort(target, group);
      return all.find((other) => other.id === id && other.port === port) ?? { id, port, ...notRegistered };
    }) ?? all
  );
}

function checkedTarget(named: NamedTarget, group: TargetGroup): Target {
  const target = withPort(named, group);
  const fits = group.targetType === "ip" ? isIPv4(target.id) : /^m?i-[0-9a-f]+$/.test(target.id);
  const wanted = group.targetType === "ip" ? "an IPv4 address" : "an instance id";
  validate(fits, `a target of target group "${group.name}" must be ${wanted}, got "${target.id}"`);
  return target;
}

/** Without a port of its own, the group's. */
function withPort({ id, port: named }: NamedTarget, group: TargetGroup): Target {
  const port = named ?? group.port;
  validate(isPort(port), `the port of target "${id}" must be 1 to 65535, got ${port}`);
  return { id, port };
}

function sameSettings(one: TargetGroup, other: Omit<TargetGroup, "arn" | "deregistrationDelaySeconds">): boolean {
  const settingsOf = ({ targetType, port, vpcId, healthCheck }: typeof other) =>
    JSON.stringify([targetType, port, vpcId, Object.entries(healthCheck).toSorted()]);
  return settingsOf(one) === settingsOf(other);
}
