import { ECSClient } from "@aws-sdk/client-ecs";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { GetQueueUrlCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { Outputs } from "./deployment.ts";

/** What somebody has who uses a deployed install: AWS's own clients, and the names that the stack put out. */
export interface Aws {
  readonly sqs: SQSClient;
  readonly ecs: ECSClient;
  readonly elb: ElasticLoadBalancingV2Client;
  readonly url: string;
  readonly outputs: Outputs;
}

/** Clients of the implementation that these variables name. */
export function awsFrom(environment: Readonly<Record<string, string>>, outputs: Outputs): Aws {
  const { AWS_ENDPOINT_URL: url = "", AWS_REGION: region = "" } = environment;
  const { AWS_ACCESS_KEY_ID: accessKeyId = "", AWS_SECRET_ACCESS_KEY: secretAccessKey = "" } = environment;
  const settings = { endpoint: url, region, credentials: { accessKeyId, secretAccessKey } };
  return {
    sqs: new SQSClient(settings),
    ecs: new ECSClient(settings),
    elb: new ElasticLoadBalancingV2Client(settings),
    url,
    outputs,
  };
}

/** URL of one of the install's queues, such as `observations`. */
export async function queueUrl({ sqs, outputs }: Aws, name: string): Promise<string> {
  const { QueueUrl = "" } = await sqs.send(
    new GetQueueUrlCommand({ QueueName: `${outputs.LongshoreInstall}-${name}` }),
  );
  return QueueUrl;
}
