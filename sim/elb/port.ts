import { Fault } from "../../core/model/fault.ts";
import type { TargetHealth, Targets } from "../../core/ports/targets.ts";
import { ElbError } from "./error.ts";
import type { ElbModel } from "./model.ts";
import type { DescribedTarget } from "./resources.ts";

/** The port of target groups over a model in memory; it never fails but for what ELBv2 would refuse. */
export function modelTargets(model: ElbModel): Targets {
  return {
    register: async (targetGroup, targets) => asFault(() => model.registerTargets(targetGroup, targets)),
    deregister: async (targetGroup, targets) => asFault(() => model.deregisterTargets(targetGroup, targets)),
    health: async (targetGroup) => asFault(() => model.targetHealth(targetGroup).map(toHealth)),
  };
}

function toHealth({ id, port, state, reason }: DescribedTarget): TargetHealth {
  return { id, port, state, ...(reason !== undefined && { reason }) };
}

function asFault<Result>(act: () => Result): Result {
  try {
    return act();
  } catch (cause) {
    if (cause instanceof ElbError) throw new Fault("terminal", cause.code, cause.message, { cause });
    throw cause;
  }
}
