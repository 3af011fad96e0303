import type { ElbModel } from "./model.ts";
import type { DueCheck } from "./resources.ts";
import type { CheckAnswer } from "./target-life.ts";

/** Health checks on a virtual clock: somebody calls `advance` when its time has come. */
export interface VirtualChecks {
  /** Makes the checks that are due by now, and reports the timeouts that are over. */
  advance(): void;
  /** When `advance` has something to do next, or a drain is over, epoch ms. */
  nextDueMs(): number | undefined;
}

/**
 * Makes the checks of a model by asking a function, at the moment at which each is due. An answer counts at once, a
 * timeout when its time is over.
 *
 * @param nowMs  The clock that the model was made with.
 * @param answer What the target answers to this check.
 */
export function virtualChecks(
  model: ElbModel,
  nowMs: () => number,
  answer: (check: DueCheck) => CheckAnswer,
): VirtualChecks {
  let waiting: readonly { check: DueCheck; dueMs: number }[] = [];

  const ask = (check: DueCheck) => {
    const answered = answer(check);
    if (answered.kind === "timeout") waiting = [...waiting, { check, dueMs: nowMs() + check.timeoutSeconds * 1000 }];
    else model.checkResult(check, answered);
  };

  return {
    advance() {
      const over = waiting.filter(({ dueMs }) => dueMs <= nowMs());
      waiting = waiting.filter(({ dueMs }) => dueMs > nowMs());
      for (const { check } of over) model.checkResult(check, { kind: "timeout" });
      for (const check of model.startChecks()) ask(check);
    },
    nextDueMs() {
      const due = [...waiting.map(({ dueMs }) => dueMs), model.nextDueMs() ?? Number.POSITIVE_INFINITY];
      const earliest = Math.min(...due);
      return earliest === Number.POSITIVE_INFINITY ? undefined : earliest;
    },
  };
}
