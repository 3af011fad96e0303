import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { ECSClient } from "@aws-sdk/client-ecs";
import { SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll } from "vitest";
import { type Endpoint, type EndpointOptions, startEndpoint } from "../../local/endpoint.ts";
import { clientSettings } from "../../local/environment.ts";
import { type EcsEngine, EcsError } from "../../sim/ecs/api.ts";

/** Answers ListClusters with what it was asked, refuses RunTask, breaks at DescribeTasks; no other action is known. */
export function scriptedEngine(): Pick<EcsEngine, "handle"> {
  return {
    handle(action, input) {
      if (action === "ListClusters") return { clusterArns: [JSON.stringify(input)] };
      if (action === "RunTask") {
        throw new EcsError("ConflictException", "still in use", { fields: { resourceIds: ["task-1"] } });
      }
      if (action === "DescribeTasks") throw new TypeError("a bug");
      throw new EcsError("UnknownOperationException", `unknown action ${action}`);
    },
  };
}

/** Starts an endpoint before the tests of a file and closes it, and every client made for it, afterwards. */
export function useEndpoint(options: Partial<EndpointOptions> = {}) {
  let endpoint: Endpoint | undefined;
  const clients: { destroy(): void }[] = [];
  beforeAll(async () => {
    endpoint = await startEndpoint({ ecs: scriptedEngine(), ...options });
  });
  afterAll(async () => {
    for (const client of clients) client.destroy();
    await endpoint?.close();
  });

  const url = () => {
    if (!endpoint) throw new Error("the endpoint starts before the first test");
    return endpoint.url;
  };
  const remember = <Client extends { destroy(): void }>(client: Client): Client => {
    clients.push(client);
    return client;
  };
  return {
    url,
    ecs: () => remember(new ECSClient({ ...clientSettings(url()), maxAttempts: 1 })),
    sqs: (accessKey?: string) => remember(new SQSClient({ ...clientSettings(url(), accessKey), maxAttempts: 1 })),
    logs: () => remember(new CloudWatchLogsClient({ ...clientSettings(url()), maxAttempts: 1 })),
    dynamodb: () => remember(new DynamoDBClient({ ...clientSettings(url()), maxAttempts: 1 })),
  };
}
