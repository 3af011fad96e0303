import type { CapacityType } from "./service.ts";
import type { Network, TaskTemplate } from "./task-template.ts";

/** All that RegisterTaskDefinition needs, in our words; the adapter translates. */
export interface TaskDefinition {
  /** `longshore_<install>_<namespace>_<service>`. */
  readonly family: string;
  readonly task: TaskTemplate;
  readonly network: Network;
  readonly capacity: CapacityType;
  /** Tags: `longshore:install`, `longshore:namespace`, `longshore:service`, `longshore:revision`. */
  readonly tags: Readonly<Record<string, string>>;
}
