import { clientSettings } from "../../../aws/client-settings.ts";
import { clientsFrom, closeClients } from "../../../aws/clients.ts";
import { ownName } from "../../support/target.ts";
import type { StartedTarget } from "../started-target.ts";
import { findingsOf, type ServiceFindings } from "./capability.ts";
import { cloudMapCapabilities } from "./cloud-map.ts";
import { dynamodbCapabilities } from "./dynamodb.ts";
import { ecsCapabilities } from "./ecs.ts";
import { elbCapabilities } from "./elb.ts";
import { arrivedOn, listenByRule } from "./listen.ts";
import { addMachines, networkOf } from "./machines.ts";
import { callerOf } from "./signed-call.ts";
import { sqsCapabilities } from "./sqs.ts";

/** What a test may need of a target, by the name that the probe's table gives it. */
export type Need = (
  | typeof dynamodbCapabilities
  | typeof sqsCapabilities
  | typeof ecsCapabilities
  | typeof elbCapabilities
  | typeof cloudMapCapabilities
)[number]["name"];

/** Goes on for a minute, and ends when it is told to. */
export const minute = "process.on('SIGTERM', () => process.exit(143)); setTimeout(() => {}, 60_000)";
const program = { image: "probe", command: [process.execPath, "-e", minute] };

/** Tries all that Longshore wants of AWS on a target. A service that it has no address for is left out. */
export async function probe(target: StartedTarget): Promise<readonly ServiceFindings[]> {
  const { variables } = target;
  // A stand-in that does not answer is not asked again and again.
  const clients = clientsFrom(variables);
  const prefix = ownName();
  const has = (service: string) => "endpoint" in clientSettings(variables, service);
  const caller = callerOf(variables);
  const { dynamodb, sqs } = clients;
  const ecs = clients.ecs.calls;
  const listen = async () =>
    target.eventsQueue ? arrivedOn(sqs, target.eventsQueue) : listenByRule(sqs, caller, prefix);
  const cluster = target.cluster ?? prefix;
  const network = await networkOf(caller);
  const ecsWorld = {
    ecs,
    cluster,
    prefix,
    ...network,
    ...program,
    ...target.program,
    listen,
    addMachines: (count: number) => addMachines({ ecs, caller }, cluster, count),
  };
  const elbWorld = { elb: clients.elb.calls, prefix, ...network };
  const found = await Promise.all([
    has("DYNAMODB") ? findingsOf(dynamodbCapabilities, { dynamodb, table: prefix }) : [],
    has("SQS") ? findingsOf(sqsCapabilities, { sqs, prefix }) : [],
    has("ECS") ? findingsOf(ecsCapabilities, ecsWorld) : [],
    has("ELASTIC_LOAD_BALANCING_V2") ? findingsOf(elbCapabilities, elbWorld) : [],
    has("SERVICEDISCOVERY") ? findingsOf(cloudMapCapabilities, { caller, name: prefix }) : [],
  ]);
  closeClients(clients);
  const services = ["DynamoDB", "SQS", "ECS", "ELBv2", "Cloud Map"];
  return services.map((service, index) => ({ service, findings: found[index] ?? [] }));
}
