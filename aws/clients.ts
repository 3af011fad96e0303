import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { ECSClient } from "@aws-sdk/client-ecs";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { SQSClient } from "@aws-sdk/client-sqs";
import { clientSettings } from "./client-settings.ts";

/** One service twice: for calls that must be sent once, and for reads that the SDK may repeat. */
export interface ClientPair<Client> {
  readonly calls: Client;
  readonly reads: Client;
}

/** A client of each service that we use. */
export interface Clients {
  readonly dynamodb: DynamoDBClient;
  readonly sqs: SQSClient;
  readonly ecs: ClientPair<ECSClient>;
  readonly elb: ClientPair<ElasticLoadBalancingV2Client>;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Builds the clients, once per process: each keeps its connections open. Region, endpoints and credentials come from
 * the environment that is given, by the names that every AWS SDK knows; what it lacks the SDK looks for itself.
 */
export function clientsFrom(environment: Environment): Clients {
  const settings = (service: string) => clientSettings(environment, service);
  const ecs = new ECSClient(settings("ECS"));
  const elb = new ElasticLoadBalancingV2Client(settings("ELASTIC_LOAD_BALANCING_V2"));
  return {
    dynamodb: new DynamoDBClient(settings("DYNAMODB")),
    sqs: new SQSClient(settings("SQS")),
    ecs: {
      reads: ecs,
      calls: new ECSClient({ ...settings("ECS"), requestHandler: ecs.config.requestHandler, maxAttempts: 1 }),
    },
    elb: {
      reads: elb,
      calls: new ElasticLoadBalancingV2Client({
        ...settings("ELASTIC_LOAD_BALANCING_V2"),
        requestHandler: elb.config.requestHandler,
        maxAttempts: 1,
      }),
    },
  };
}

/**
 * Clients of SQS by region, each built when it is first asked for: a request is signed for the region of its queue. An
 * endpoint that stands in for AWS has the queues of every region.
 */
export function regionalSqs(
  environment: Environment,
  home: SQSClient,
  homeRegion: string,
): (region: string) => SQSClient {
  const settings = clientSettings(environment, "SQS");
  const others = new Map<string, SQSClient>();
  return (region) => {
    if (region === homeRegion || "endpoint" in settings) return home;
    const client = others.get(region) ?? new SQSClient({ ...settings, region });
    others.set(region, client);
    return client;
  };
}

/** Closes the connections of the clients: nothing of theirs keeps a process alive. */
export function closeClients({ dynamodb, sqs, ecs, elb }: Clients): void {
  for (const client of [dynamodb, sqs, ecs.calls, ecs.reads, elb.calls, elb.reads]) client.destroy();
}
