import { ArnFormat, Stack } from "aws-cdk-lib";
import type { Construct } from "constructs";

/** The functions, each in `lambdas/<name>.ts`. */
export const functionNames = ["accept", "observe", "reconcile", "dispatch", "sweep"] as const;
/** A function, by its file. */
export type FunctionName = (typeof functionNames)[number];

/** The queues, and the function that each wakes. */
export const consumers = {
  commands: "accept",
  observations: "observe",
  work: "reconcile",
  dispatch: "dispatch",
} as const satisfies Readonly<Record<string, FunctionName>>;
/** A queue, by what travels on it. */
export type QueueName = keyof typeof consumers;
/** The queues, in the order of the flow. */
export const queueNames = Object.keys(consumers) as readonly QueueName[];

/** Longest that a function runs. Steps, leases and settling build on it: 5 s for a call, and time to look before and after. */
export const timeoutSeconds = 30;

/** `work` → `Work`: ids of constructs are in Pascal case, and a contract: renaming one replaces its resource. */
export function idOf(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** The ARN of something in the account and region of the scope's stack. */
export function arnIn(scope: Construct, service: string, resource: string): string {
  const [first = "", ...rest] = resource.split("/");
  return rest.length === 0
    ? Stack.of(scope).formatArn({ service, resource, arnFormat: ArnFormat.NO_RESOURCE_NAME })
    : Stack.of(scope).formatArn({ service, resource: first, resourceName: rest.join("/") });
}
