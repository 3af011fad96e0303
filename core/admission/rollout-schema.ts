import type { Amount, Breaker, Rollout } from "../model/service.ts";
import { invalid, report } from "./findings.ts";
import { isMap } from "./json.ts";
import { type Draft, defaulted, object, optional } from "./objects.ts";
import { integer, oneOf, type Reader } from "./readers.ts";

const plannedStrategies = ["canary", "linear", "blueGreen"];

const share = /^(?:100|[1-9]?[0-9])%$/;

/** So many tasks, or a share of those wanted, in whole percent. */
const amount: Reader<Amount> = {
  allowed: 'a whole number, 0 to 5000, or "0%" to "100%"',
  read(value, place, findings) {
    if (typeof value === "string" && share.test(value)) return value as Amount;
    const isCount = typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 5000;
    return isCount ? value + 0 : invalid(findings, place, amount.allowed, value); // -0 becomes 0.
  },
};

const breakerFields = object<{ readonly failures?: number; readonly percent?: number }>({
  failures: optional(integer(1, 200), "so many tasks; instead of percent"),
  percent: optional(integer(1, 100), "a share of the tasks wanted, held between 3 and 200 tasks; instead of failures"),
});

/** One of its two fields. */
const breaker: Reader<Draft<Breaker>> = {
  ...breakerFields,
  read(value, place, findings) {
    const draft = breakerFields.read(value, place, findings);
    const given = Object.keys(isMap(value) ? value : {}).filter((name) => !name.startsWith("x-"));
    const isBoth = given.includes("failures") && given.includes("percent");
    if (draft && (isBoth || given.length === 0)) {
      const got = isBoth ? "both" : "neither";
      return report(findings, place, "conflict", () => `breaker must have failures or percent, got ${got}`);
    }
    return draft;
  },
};

/** How a changed spec replaces what runs. */
export const rolloutSchema = object<Rollout>(
  {
    strategy: defaulted(
      oneOf(["rolling", "recreate"], (word) => plannedStrategies.includes(word)),
      "rolling",
      "how a new revision replaces the old one: some tasks at a time, or all of the old before any of the new",
    ),
    maxSurge: defaulted(amount, "25%", "rolling: tasks allowed above those wanted; a share is rounded up"),
    maxUnavailable: defaulted(
      amount,
      0,
      "rolling: tasks that may be missing; a share is rounded down; 1 where maxSurge comes to none as well",
    ),
    minReadySeconds: defaulted(integer(0, 3600), 0, "how long a task must be ready before it counts as available"),
    progressDeadlineSeconds: defaulted(
      integer(1, 86_400),
      600,
      "without progress for longer a rollout has failed; more than minReadySeconds",
    ),
    breaker: defaulted(breaker, { percent: 50 }, "when so many tasks of a new revision failed its rollout has failed"),
    onFailure: defaulted(
      oneOf(["rollback", "pause"]),
      "rollback",
      "after a failed rollout what ran before comes back, or everything stays",
    ),
  },
  { planned: ["steps", "alarms", "hooks"] },
);
