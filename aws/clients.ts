import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { ECSClient } from "@aws-sdk/client-ecs";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { SQSClient } from "@aws-sdk/client-sqs";

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

/** One attempt of a request: no answer of ours takes that long unless something is broken. */
const requestHandler = { connectionTimeout: 2_000, requestTimeout: 5_000, throwOnRequestTimeout: true };

/**
 * Builds the clients, once per process: each keeps its connections open. Region, endpoints and credentials come from
 * the environment that is given, by the names that every AWS SDK knows; what it lacks the SDK looks for itself.
 */
export function clientsFrom(environment: Environment): Clients {
  const shared = { ...regionOf(environment), ...credentialsOf(environment), requestHandler };
  const settings = (service: string) => ({ ...shared, ...endpointOf(environment, service) });
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

/** Closes the connections of the clients: nothing of theirs keeps a process alive. */
export function closeClients({ dynamodb, sqs, ecs, elb }: Clients): void {
  for (const client of [dynamodb, sqs, ecs.calls, ecs.reads, elb.calls, elb.reads]) client.destroy();
}

function regionOf({ AWS_REGION, AWS_DEFAULT_REGION }: Environment) {
  const region = AWS_REGION ?? AWS_DEFAULT_REGION;
  return region ? { region } : {};
}

function endpointOf(environment: Environment, service: string) {
  const endpoint = environment[`AWS_ENDPOINT_URL_${service}`] ?? environment.AWS_ENDPOINT_URL;
  return endpoint ? { endpoint } : {};
}

function credentialsOf(environment: Environment) {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = environment;
  const { AWS_SESSION_TOKEN: sessionToken } = environment;
  if (!accessKeyId || !secretAccessKey) return {};
  return { credentials: { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) } };
}
