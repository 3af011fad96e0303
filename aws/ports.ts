import type { Ports } from "../core/ports/index.ts";
import { type Clients, clientsFrom } from "./clients.ts";
import { systemClock } from "./clock.ts";
import { type Environment, environmentReader } from "./environment.ts";
import { jsonLog } from "./log.ts";
import { sqsQueues } from "./queues.ts";
import { systemRandom } from "./random.ts";
import { readResources, readSettings } from "./settings.ts";
import { dynamoStore } from "./store.ts";
import { elbTargets } from "./targets.ts";
import { ecsTasks } from "./tasks.ts";

/**
 * The ports on AWS, from a function's environment variables: `LONGSHORE_*` for the install (see `readSettings`), those of
 * AWS's SDKs for region, endpoint and credentials. Call it once per process: it builds the clients.
 * @throws Error naming every variable that is missing or malformed, its value and what is allowed.
 */
export function portsFrom(environment: Environment, clients?: Clients): Ports {
  const read = environmentReader(environment);
  const [settings, resources] = [readSettings(read), readResources(read)];
  read.check();
  const { dynamodb, sqs, ecs, elb } = clients ?? clientsFrom(environment);
  const clock = systemClock();
  const handler = environment.AWS_LAMBDA_FUNCTION_NAME;
  return {
    settings,
    store: dynamoStore({ client: dynamodb, table: resources.table, clock }),
    queues: sqsQueues({ client: sqs, urls: resources.queues }),
    tasks: ecsTasks({ clients: ecs, clock }),
    targets: elbTargets({ clients: elb }),
    clock,
    random: systemRandom(),
    log: jsonLog({ install: settings.install, ...(handler && { handler }) }, (line) => console.log(line)),
  };
}
