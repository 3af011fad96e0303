import type { Brand } from "../core/model/ids.ts";

/** What stands behind the last slash of an ARN: a task's id, a node's, a cluster's name. An id by itself stays as it is. */
export function lastPart<Id extends string | Brand<string>>(arn: string): Id {
  return arn.slice(arn.lastIndexOf("/") + 1) as Id;
}
