import type { CapacityType } from "../model/service.ts";
import type { TaskTemplate } from "../model/task-template.ts";
import type { Findings } from "./findings.ts";
import type { Draft } from "./objects.ts";
import type { Place } from "./place.ts";

/**
 * Looks at fields of a task that have to go together. Parts that could not be read are passed over: they were reported.
 *
 * @param capacity What the service asks for; undefined: the install decides, and only what no capacity takes is refused.
 */
export type TaskRule = (
  task: Draft<TaskTemplate>,
  place: Place,
  findings: Findings,
  capacity: CapacityType | undefined,
) => void;
