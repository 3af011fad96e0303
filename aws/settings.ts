import { principalPattern, principalText } from "../core/access/principal.ts";
import type { Settings } from "../core/model/settings.ts";
import type { EnvironmentReader } from "./environment.ts";

/** The names of an install's own resources. */
export interface Resources {
  readonly table: string;
  readonly queues: { readonly work: string; readonly dispatch: string; readonly observations: string };
  /** URLs of the queues of dead letters; only the sweep looks at them. */
  readonly deadLetters: readonly string[];
}

const installName = /^[a-z][a-z0-9-]{0,19}$/;
const url = /^https?:\/\/./;
const arn = /^arn:/;

/** What an install was deployed with, from the variables of its functions. */
export function readSettings(read: EnvironmentReader): Settings {
  const subnetZones = read.pairs("LONGSHORE_SUBNETS", "subnets with their zones, such as subnet-a=us-east-1a");
  const executionRole = read.optional("LONGSHORE_EXECUTION_ROLE");
  const logGroup = read.optional("LONGSHORE_LOG_GROUP");
  const administrators = read.list("LONGSHORE_ADMINISTRATORS", principalText, principalPattern);
  if (executionRole) read.required("LONGSHORE_EXECUTION_ROLE", "the ARN of a role", arn);
  return {
    install: read.required("LONGSHORE_INSTALL", "1 to 20 of a-z, 0-9 and -, beginning with a letter", installName),
    region: read.required("AWS_REGION", "a region's name"),
    cluster: read.required("LONGSHORE_CLUSTER", "a cluster's name"),
    accountShare: read.number("LONGSHORE_ACCOUNT_SHARE", { min: 0.01, max: 1, fallback: 0.5 }),
    defaults: {
      capacity: read.oneOf("LONGSHORE_DEFAULT_CAPACITY", ["fargate", "ec2"]),
      network: {
        mode: read.oneOf("LONGSHORE_NETWORK_MODE", ["awsvpc", "bridge", "host"]),
        subnets: Object.keys(subnetZones),
        securityGroups: read.list("LONGSHORE_SECURITY_GROUPS"),
        publicIp: read.oneOf("LONGSHORE_PUBLIC_IP", ["false", "true"]) === "true",
      },
      ...(executionRole && { executionRole }),
      ...(logGroup && { logGroup }),
      subnetZones,
    },
    quota: {
      services: read.number("LONGSHORE_NAMESPACE_SERVICES", { min: 1, max: 500, fallback: 500 }),
      tasks: read.number("LONGSHORE_NAMESPACE_TASKS", { min: 1, max: 100_000, fallback: 5_000 }),
    },
    // One that is wrong must not leave access control off: nothing works until it is corrected.
    ...(administrators.length > 0 && { administrators }),
    functionTimeoutMs: read.number("LONGSHORE_FUNCTION_TIMEOUT_SECONDS", { min: 10, max: 900, fallback: 30 }) * 1000,
  };
}

/** Where an install keeps its records and sends its wake-ups, from the variables of its functions. */
export function readResources(read: EnvironmentReader): Resources {
  const queue = (name: string) => read.required(`LONGSHORE_${name}_QUEUE_URL`, "the URL of a queue", url);
  return {
    table: read.required("LONGSHORE_TABLE", "a table's name"),
    queues: { work: queue("WORK"), dispatch: queue("DISPATCH"), observations: queue("OBSERVATIONS") },
    deadLetters: read.list("LONGSHORE_DEAD_LETTER_QUEUE_URLS"),
  };
}
