import type { QueueName } from "./names.ts";
import { timeoutSeconds } from "./names.ts";
import type { LongshoreProps } from "./props.ts";
import type { TaskDefaults } from "./tasks.ts";

/** What the variables of functions are made from. */
export interface EnvironmentOptions {
  readonly install: string;
  readonly table: string;
  /** URLs. */
  readonly queues: Readonly<Record<QueueName, string>>;
  /** URLs. */
  readonly deadLetters: readonly string[];
  readonly defaults: TaskDefaults;
}

/** The variables of every function: what an install was deployed with. */
export function environmentOf(
  { install, table, queues, deadLetters, defaults }: EnvironmentOptions,
  { administrators = [], accountShare = 0.5, capacity = "fargate", namespaceLimits = {} }: LongshoreProps,
): Readonly<Record<string, string>> {
  const { network, cluster, executionRole, logGroup } = defaults;
  const { services = 500, tasks = 5_000 } = namespaceLimits;
  const subnets = Object.entries(network.subnets).map(([subnet, zone]) => `${subnet}=${zone}`);
  return {
    LONGSHORE_INSTALL: install,
    LONGSHORE_TABLE: table,
    LONGSHORE_COMMANDS_QUEUE_URL: queues.commands,
    LONGSHORE_WORK_QUEUE_URL: queues.work,
    LONGSHORE_DISPATCH_QUEUE_URL: queues.dispatch,
    LONGSHORE_OBSERVATIONS_QUEUE_URL: queues.observations,
    LONGSHORE_DEAD_LETTER_QUEUE_URLS: deadLetters.join(","),
    LONGSHORE_CLUSTER: cluster,
    LONGSHORE_DEFAULT_CAPACITY: capacity,
    LONGSHORE_NETWORK_MODE: "awsvpc",
    LONGSHORE_SUBNETS: subnets.join(","),
    LONGSHORE_SECURITY_GROUPS: network.securityGroups.join(","),
    LONGSHORE_PUBLIC_IP: String(network.publicIp),
    LONGSHORE_EXECUTION_ROLE: executionRole,
    LONGSHORE_LOG_GROUP: logGroup,
    LONGSHORE_ACCOUNT_SHARE: String(accountShare),
    LONGSHORE_NAMESPACE_SERVICES: String(services),
    LONGSHORE_NAMESPACE_TASKS: String(tasks),
    LONGSHORE_FUNCTION_TIMEOUT_SECONDS: String(timeoutSeconds),
    ...(administrators.length > 0 && { LONGSHORE_ADMINISTRATORS: administrators.join(",") }),
  };
}
