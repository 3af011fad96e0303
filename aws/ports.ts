import type { Ports } from "../core/ports/index.ts";
import { endpointOf } from "./client-settings.ts";
import { type Clients, clientsFrom, regionalSqs } from "./clients.ts";
import { systemClock } from "./clock.ts";
import { type Environment, environmentReader } from "./environment.ts";
import { type FunctionLog, functionLog } from "./function-log.ts";
import { sqsMetrics } from "./metrics.ts";
import { sqsQueues } from "./queues.ts";
import { systemRandom } from "./random.ts";
import { readResources, readSettings } from "./settings.ts";
import { dynamoStore } from "./store.ts";
import { elbTargets } from "./targets.ts";
import { ecsTasks } from "./tasks.ts";

/** All that a step needs, in a function: what its log counts is published when an invocation ends. */
export interface FunctionPorts extends Ports {
  readonly log: FunctionLog;
}

/**
 * The ports on AWS, from a function's environment variables: `LONGSHORE_*` for the install (see `readSettings`), those of
 * AWS's SDKs for region, endpoint and credentials. Call it once per process: it builds the clients.
 * @throws Error naming every variable that is missing or malformed, its value and what is allowed.
 */
export function portsFrom(environment: Environment, clients?: Clients): FunctionPorts {
  const read = environmentReader(environment);
  const [settings, resources] = [readSettings(read), readResources(read)];
  read.check();
  const { dynamodb, sqs, ecs, elb } = clients ?? clientsFrom(environment);
  const clock = systemClock();
  const handler = environment.AWS_LAMBDA_FUNCTION_NAME;
  return {
    settings,
    store: dynamoStore({ client: dynamodb, table: resources.table, clock }),
    queues: sqsQueues({ client: sqs, urls: resources.queues, deadLetterUrls: resources.deadLetters }),
    tasks: ecsTasks({ clients: ecs, clock }),
    targets: elbTargets({ clients: elb }),
    metrics: sqsMetrics({
      sqs: regionalSqs(environment, sqs, settings.region),
      ...endpointOf(environment, "SQS"),
    }),
    clock,
    random: systemRandom(),
    log: functionLog({ install: settings.install, ...(handler && { handler }) }, printLine),
  };
}

/** Lambda's runtime would put what goes to the console into a line of its own. */
function printLine(line: string): void {
  process.stdout.write(`${line}\n`);
}
