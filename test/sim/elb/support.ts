import type { ElbModel } from "../../../sim/elb/model.ts";
import { createElbModel } from "../../../sim/elb/model.ts";
import type { ElbModelOptions } from "../../../sim/elb/state.ts";
import type { CheckAnswer } from "../../../sim/elb/target-life.ts";
import { virtualChecks } from "../../../sim/elb/virtual-checks.ts";

export const passed: CheckAnswer = { kind: "answered", status: 200 };
export const mismatched: CheckAnswer = { kind: "answered", status: 500 };
export const failed: CheckAnswer = { kind: "failed" };
export const timedOut: CheckAnswer = { kind: "timeout" };

/** An empty model whose clock stands at 0 until `clock.nowMs` is set. */
export function aModel(options: Partial<ElbModelOptions> = {}): { model: ElbModel; clock: { nowMs: number } } {
  const clock = { nowMs: 0 };
  let last = 0;
  const hex = (digits: number) => {
    last += 1;
    return last.toString(16).padStart(digits, "0");
  };
  const model = createElbModel({
    nowMs: () => clock.nowMs,
    region: "eu-west-1",
    account: "000000000000",
    hex,
    ...options,
  });
  return { model, clock };
}

/** A group `web` of addresses, checked every 10 s with a timeout of 4 s, back after 3 passes; drained for 60 s at most. */
export function aGroup(model: ElbModel, name = "web"): string {
  const { arn } = model.createTargetGroup({
    name,
    targetType: "ip",
    port: 80,
    healthCheck: { intervalSeconds: 10, timeoutSeconds: 4, healthyThreshold: 3 },
  });
  model.setDeregistrationDelay(arn, 60);
  return arn;
}

/** A load balancer with a listener on port 8080 that forwards to the group; answers the listener's ARN. */
export function aListener(model: ElbModel, targetGroup: string, name = "main"): string {
  const loadBalancer = model.createLoadBalancer({ name }).arn;
  return model.createListener({ loadBalancer, port: 8080, targetGroup }).arn;
}

/** A world with one group and one target that answers every check as `answers` says; time is passed in steps. */
export function aWorld({ inUse = true, ...options }: Partial<ElbModelOptions> & { inUse?: boolean } = {}) {
  const { model, clock } = aModel(options);
  const group = aGroup(model);
  let listener = inUse ? aListener(model, group) : undefined;
  const answers = new Map<string, CheckAnswer>();
  const checks = virtualChecks(
    model,
    () => clock.nowMs,
    ({ target }) => answers.get(target.id) ?? passed,
  );

  return {
    model,
    clock,
    group,
    answers,
    checks,
    /** Carries out everything that is due in the next `ms`, each at its moment. */
    pass(ms: number) {
      const endMs = clock.nowMs + ms;
      for (let dueMs = checks.nextDueMs(); dueMs !== undefined && dueMs <= endMs; dueMs = checks.nextDueMs()) {
        clock.nowMs = Math.max(clock.nowMs, dueMs);
        checks.advance();
      }
      clock.nowMs = endMs;
    },
    use() {
      listener ??= aListener(model, group);
    },
    unuse() {
      if (listener) model.deleteListener(listener);
      listener = undefined;
    },
    /** Such as `10.0.0.1:80 initial Elb.InitialHealthChecking`, one for each target. */
    shown(): readonly string[] {
      return model
        .targetHealth(group)
        .map(({ id, port, state, reason }) => [`${id}:${port}`, state, reason].filter(Boolean).join(" "));
    },
  };
}
