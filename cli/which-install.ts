import type { Environment } from "../aws/environment.ts";
import type { RetainedResource, StackReader } from "../aws/stacks.ts";
import { CommandError } from "./command-error.ts";
import { type Endpoint, resolveEndpoint } from "./endpoint.ts";
import { exit } from "./exit-codes.ts";
import { explainFault } from "./explain-fault.ts";
import { type InstallStack, readStack } from "./stack.ts";

/** Which install is meant. */
export interface ConnectionOptions {
  /** Of AWS's services; absent: as the environment says. */
  readonly endpoint?: string;
  /** Prefixes its table and its queues; absent: the stack's, else `longshore`. */
  readonly install?: string;
  /** Whose outputs say where it is; absent: `LONGSHORE_STACK`, unless an install is named. */
  readonly stack?: string;
}

/** An install: where it is, and what its parts are called. */
export interface Install {
  readonly endpoint: Endpoint;
  readonly name: string;
  readonly table: string;
  /** Of namespaces that name no other. */
  readonly cluster: string;
  /** Absent: SQS knows it by the queue's name. */
  readonly commandsQueueUrl?: string;
  /** Absent: it was not found by a stack. */
  readonly stack?: InstallStack & {
    /** What the deletion of the stack leaves. */
    retained(): Promise<readonly RetainedResource[]>;
  };
}

/**
 * The install that is meant: what its stack says of it where one is named, else all that follows from its name.
 * @throws CommandError when there is no such stack, or it is not one of ours.
 */
export async function whichInstall(options: ConnectionOptions, environment: Environment): Promise<Install> {
  const { endpoint, install, stack } = options;
  if (stack !== undefined && install !== undefined)
    throw new CommandError(exit.invalid, "--stack and --install both say which install is meant; name one of them");
  const stackName = stack ?? (install === undefined ? environment.LONGSHORE_STACK || undefined : undefined);
  if (stackName !== undefined) return installOf(stackName, resolveEndpoint(endpoint, environment, "aws"));
  const name = install ?? "longshore";
  return { endpoint: resolveEndpoint(endpoint, environment), name, table: name, cluster: name };
}

async function installOf(stackName: string, endpoint: Endpoint): Promise<Install> {
  const stack = await withStacks(endpoint, (stacks) => readStack(stacks, stackName, endpoint));
  const { install, region, table, cluster, commandsQueueUrl } = stack;
  const retained = () => withStacks(there, (stacks) => stacks.retained(stackName));
  const there = {
    ...endpoint,
    url: endpoint.environment.AWS_ENDPOINT_URL ?? `AWS in ${region}`,
    environment: { ...endpoint.environment, AWS_REGION: region },
  };
  return { endpoint: there, name: install, table, cluster, commandsQueueUrl, stack: { ...stack, retained } };
}

async function withStacks<Found>(endpoint: Endpoint, look: (stacks: StackReader) => Promise<Found>): Promise<Found> {
  const { cloudFormationStacks } = await import("../aws/stacks.ts");
  const stacks = cloudFormationStacks(endpoint.environment);
  try {
    return await look(stacks);
  } catch (error) {
    throw explainFault(error, endpoint);
  } finally {
    stacks.close();
  }
}
