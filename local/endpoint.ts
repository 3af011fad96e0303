import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { EcsEngine } from "../sim/ecs/api.ts";
import { dynamodbService } from "./dynamodb.ts";
import { ecsService } from "./ecs-wire.ts";
import { localRegion } from "./environment.ts";
import type { LogGroups } from "./log-groups.ts";
import { logsService } from "./logs-wire.ts";
import { type QueryHandler, queryService } from "./query-wire.ts";
import { answerRequest, type Route } from "./routes.ts";
import { startSqs } from "./sqs.ts";

/** What stands behind an endpoint, and where it listens. */
export interface EndpointOptions {
  readonly ecs: Pick<EcsEngine, "handle">;
  /** The Elastic Load Balancing v2 API; absent: refused like any other service that is not offered. */
  readonly loadBalancing?: QueryHandler;
  /** What CloudWatch Logs answers with; absent: refused in the same way. */
  readonly logs?: LogGroups;
  /** 0, the default: any that is free. */
  readonly port?: number;
  /** Of the queues' ARNs. Clients of other regions are answered all the same. */
  readonly region?: string;
  /** After every ECS request: the engine may have something to do earlier than before. */
  readonly onActivity?: () => void;
  /** Told of each bug of ours or of an emulator; the client is answered 500. Default: written to stderr. */
  readonly onFault?: (fault: unknown) => void;
}

/** An endpoint that listens. */
export interface Endpoint {
  /** Such as `http://127.0.0.1:4566`. */
  readonly url: string;
  readonly port: number;
  /** Ends waiting receives, answers what is under way (for a second at most), and lets go of the port. */
  close(): Promise<void>;
}

/** Starts the one AWS endpoint of the local cluster, on 127.0.0.1. @throws Error when the port is taken. */
export async function startEndpoint(options: EndpointOptions): Promise<Endpoint> {
  const { ecs, loadBalancing, logs, onActivity = () => {}, onFault = console.error } = options;
  const sqs = await startSqs(options.region ?? localRegion);
  const routes: readonly Route[] = [
    { name: "ECS", target: "AmazonEC2ContainerServiceV20141113", scope: "ecs", service: ecsService(ecs, onActivity) },
    { name: "DynamoDB", target: "DynamoDB_20120810", scope: "dynamodb", service: dynamodbService() },
    { name: "SQS", target: "AmazonSQS", scope: "sqs", service: sqs.service },
    ...(loadBalancing ? [{ name: "ELBv2", scope: "elasticloadbalancing", service: queryService(loadBalancing) }] : []),
    ...(logs ? [{ name: "CloudWatch Logs", target: "Logs_20140328", scope: "logs", service: logsService(logs) }] : []),
  ];

  const open = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    open.add(response);
    response.once("close", () => open.delete(response));
    void answerRequest(routes, request, response, onFault);
  });
  // A connection that we close while a client reuses it fails its next call, and mutating calls are not repeated.
  server.keepAliveTimeout = 0;
  const port = await listen(server, options.port ?? 0);

  async function close(): Promise<void> {
    const closed = once(server, "close");
    server.close();
    await sqs.close();
    const answered = Promise.all([...open].map((response) => once(response, "close")));
    await Promise.race([answered, delay(1000, undefined, { ref: false })]);
    server.closeAllConnections();
    await closed;
  }
  return { url: `http://127.0.0.1:${port}`, port, close };
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}
