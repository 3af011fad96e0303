import type { TargetState } from "../../core/ports/targets.ts";
import type { HealthCheck } from "./health-check.ts";
import { matches } from "./health-check.ts";

/** What came of one health check. */
export type CheckAnswer =
  | { readonly kind: "answered"; readonly status: number }
  /** No connection, or no HTTP. */
  | { readonly kind: "failed" }
  | { readonly kind: "timeout" };

/** A state as DescribeTargetHealth shows it; a healthy target has no reason. */
export interface ShownState {
  readonly state: TargetState;
  readonly reason?: string;
  readonly description?: string;
}

/** One life of a registered target in a group that is in use. */
export type TargetLife =
  | { readonly kind: "initial"; readonly failures: number }
  | { readonly kind: "healthy"; readonly failures: number }
  | { readonly kind: "unhealthy"; readonly passes: number; readonly why: ShownState }
  | { readonly kind: "draining"; readonly untilMs: number };

const newlyRegistered: TargetLife = { kind: "initial", failures: 0 };
const healthy: TargetLife = { kind: "healthy", failures: 0 };

/** States that no life has by itself: they come from around the target. */
export const notInUse: ShownState = {
  state: "unused",
  reason: "Target.NotInUse",
  description: "Target group is not configured to receive traffic from the load balancer",
};
/** How a target that is not registered is shown when it is asked for. */
export const notRegistered: ShownState = {
  state: "unused",
  reason: "Target.NotRegistered",
  description: "Target is not registered to the target group",
};

/** Registered: a new target and a draining one start over, any other goes on as it is. */
export function afterRegistration(life?: TargetLife): TargetLife {
  return life === undefined || life.kind === "draining" ? newlyRegistered : life;
}

/** Deregistered: draining from now on; doing it again does not move the deadline. */
export function afterDeregistration(life: TargetLife, untilMs: number): TargetLife {
  return life.kind === "draining" ? life : { kind: "draining", untilMs };
}

/**
 * One more health check is known. A target that was never healthy needs a single pass, as an Application Load Balancer
 * documents; one that comes back needs `healthyThreshold` in a row; any needs `unhealthyThreshold` failures in a row to
 * become unhealthy.
 */
export function afterCheck(life: TargetLife, answer: CheckAnswer, healthCheck: HealthCheck): TargetLife {
  const failure = failureOf(answer, healthCheck);
  switch (life.kind) {
    case "draining":
      return life;
    case "unhealthy": {
      if (failure) return { kind: "unhealthy", passes: 0, why: failure };
      const passes = life.passes + 1;
      return passes >= healthCheck.healthyThreshold ? healthy : { ...life, passes };
    }
    case "initial":
    case "healthy": {
      if (!failure) return healthy;
      const failures = life.failures + 1;
      const failed = failures >= healthCheck.unhealthyThreshold;
      return failed ? { kind: "unhealthy", passes: 0, why: failure } : { ...life, failures };
    }
  }
}

/**
 * A request could not be connected to it: a healthy target is unhealthy at once, one that comes back starts counting
 * again, and one that was never healthy keeps its chance of a single pass.
 */
export function afterRefusal(life: TargetLife): TargetLife {
  const serves = life.kind === "healthy" || life.kind === "unhealthy";
  return serves ? { kind: "unhealthy", passes: 0, why: failedChecks } : life;
}

/** The state that users see. */
export function shownState(life: TargetLife): ShownState {
  switch (life.kind) {
    case "initial":
      return life.failures === 0 ? registering : checking;
    case "healthy":
      return { state: "healthy" };
    case "unhealthy":
      return life.why;
    case "draining":
      return draining;
  }
}

const registering: ShownState = {
  state: "initial",
  reason: "Elb.RegistrationInProgress",
  description: "Target registration is in progress",
};
const checking: ShownState = {
  state: "initial",
  reason: "Elb.InitialHealthChecking",
  description: "Initial health checks in progress",
};
const draining: ShownState = {
  state: "draining",
  reason: "Target.DeregistrationInProgress",
  description: "Target deregistration is in progress",
};
const failedChecks: ShownState = {
  state: "unhealthy",
  reason: "Target.FailedHealthChecks",
  description: "Health checks failed",
};

function failureOf(answer: CheckAnswer, { matcher }: HealthCheck): ShownState | undefined {
  switch (answer.kind) {
    case "failed":
      return failedChecks;
    case "timeout":
      return { state: "unhealthy", reason: "Target.Timeout", description: "Request timed out" };
    case "answered": {
      if (matches(matcher, answer.status)) return undefined;
      const description = `Health checks failed with these codes: [${answer.status}]`;
      return { state: "unhealthy", reason: "Target.ResponseCodeMismatch", description };
    }
  }
}
