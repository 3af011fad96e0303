import type { Stack, StackReader } from "../aws/stacks.ts";
import { isFault } from "../core/model/fault.ts";
import { CommandError } from "./command-error.ts";
import type { Endpoint } from "./endpoint.ts";
import { exit } from "./exit-codes.ts";
import { explainFault } from "./explain-fault.ts";

/** What the stack of an install says of it. */
export interface InstallStack {
  readonly name: string;
  readonly install: string;
  readonly region: string;
  readonly table: string;
  readonly commandsQueueUrl: string;
  readonly cluster: string;
  /** Where containers log that name no other. */
  readonly logGroup: string;
}

/** The outputs that the stack has of each, by their logical ids. */
const outputNames = {
  install: "LongshoreInstall",
  region: "LongshoreRegion",
  table: "LongshoreTable",
  commandsQueueUrl: "LongshoreCommandsQueueUrl",
  cluster: "LongshoreCluster",
  logGroup: "LongshoreLogGroup",
} as const satisfies Readonly<Record<Exclude<keyof InstallStack, "name">, string>>;

/**
 * Reads what a stack says of its install.
 * @throws CommandError when there is no such stack, it is not one of ours, or it may not be read.
 */
export async function readStack(reader: StackReader, name: string, endpoint: Endpoint): Promise<InstallStack> {
  const stack = await reader.find(name).catch((error: unknown) => {
    throw explain(error, name, endpoint);
  });
  if (stack === undefined) {
    const advice =
      "look at the name, the region and the account; `aws cloudformation list-stacks` shows those that are";
    throw new CommandError(exit.refused, `there is no stack "${name}" at ${endpoint.url}; ${advice}`);
  }
  const missing = Object.values(outputNames).filter((output) => !stack.outputs[output]);
  if (missing.length > 0) throw notOurs(stack, missing);
  const outputs = Object.entries(outputNames).map(([field, output]) => [field, stack.outputs[output]]);
  return { ...(Object.fromEntries(outputs) as Omit<InstallStack, "name">), name };
}

/** A stack that is being made has no outputs yet, and one whose creation failed never gets any. */
function notOurs({ name, status }: Stack, missing: readonly string[]): CommandError {
  if (/^(CREATE_IN_PROGRESS|REVIEW_IN_PROGRESS|CREATE_FAILED|ROLLBACK_.*|DELETE_.*)$/.test(status))
    return new CommandError(exit.fault, `stack "${name}" is ${status}: it has no install to talk to`);
  const lacks = `it has no output ${missing.join(", ")}`;
  const advice = "name the stack that holds the construct Longshore";
  return new CommandError(exit.fault, `stack "${name}" is not one of Longshore: ${lacks}; ${advice}`);
}

function explain(error: unknown, name: string, { url, isLocal }: Endpoint): unknown {
  if (!isFault(error)) return explainFault(error, { url, isLocal });
  if (/^AccessDenied/.test(error.code)) {
    const advice = "grant it, or name the install with --install instead";
    return new CommandError(exit.fault, `you may not cloudformation:DescribeStacks on "${name}"; ${advice}`, {
      cause: error,
    });
  }
  if (isLocal && error.code === "NotImplemented") {
    const advice = "a cluster of `longshore dev` is no stack: leave --stack and LONGSHORE_STACK out";
    return new CommandError(exit.fault, `there is no CloudFormation at ${url}; ${advice}`, { cause: error });
  }
  return explainFault(error, { url, isLocal });
}
