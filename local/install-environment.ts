import { localAccount } from "./environment.ts";
import type { Install } from "./install.ts";
import { localSubnets } from "./nodes.ts";

/** Name of the local install, and of its cluster. */
export const localName = "longshore";

/** Where containers log that name no log driver. */
export const localLogGroup = "/longshore/longshore";

/** The variables of a function of the local install: those of its clients, and what the deployed stack would set. */
export function installEnvironment(
  client: Readonly<Record<string, string>>,
  { table, queues, deadLetters }: Install,
): Readonly<Record<string, string>> {
  const subnets = Object.entries(localSubnets).map(([subnet, zone]) => `${subnet}=${zone}`);
  return {
    ...client,
    LONGSHORE_INSTALL: localName,
    LONGSHORE_CLUSTER: localName,
    LONGSHORE_TABLE: table,
    LONGSHORE_COMMANDS_QUEUE_URL: queues.commands,
    LONGSHORE_WORK_QUEUE_URL: queues.work,
    LONGSHORE_DISPATCH_QUEUE_URL: queues.dispatch,
    LONGSHORE_OBSERVATIONS_QUEUE_URL: queues.observations,
    LONGSHORE_DEAD_LETTER_QUEUE_URLS: Object.values(deadLetters).join(","),
    LONGSHORE_DEFAULT_CAPACITY: "ec2",
    LONGSHORE_NETWORK_MODE: "awsvpc",
    LONGSHORE_SUBNETS: subnets.join(","),
    LONGSHORE_LOG_GROUP: localLogGroup,
    LONGSHORE_EXECUTION_ROLE: `arn:aws:iam::${localAccount}:role/${localName}-execution`,
    LONGSHORE_ACCOUNT_SHARE: "1",
    LONGSHORE_FUNCTION_TIMEOUT_SECONDS: "30",
  };
}
