import { execFile } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { createServer, request as httpRequest } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { DescribeTargetGroupsCommand, ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { GetQueueUrlCommand, SQSClient } from "@aws-sdk/client-sqs";
import { describe, expect, test } from "vitest";
import { startEndpoint } from "../../local/endpoint.ts";
import { clientSettings } from "../../local/environment.ts";
import { scriptedEngine, useEndpoint } from "./use-endpoint.ts";

const faults: unknown[] = [];
const endpoint = useEndpoint({ onFault: (fault) => faults.push(fault) });

const signed = (service: string) => ({
  authorization: `AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`,
  "x-amz-date": "20260101T000000Z",
});

async function post(headers: Record<string, string>, body = "{}") {
  const response = await fetch(endpoint.url(), { method: "POST", headers, body });
  return { status: response.status, type: response.headers.get("content-type"), text: await response.text() };
}

describe("where a request goes", () => {
  const json = { "content-type": "application/x-amz-json-1.1" };
  test.for([
    {
      name: "a target names ECS",
      headers: { ...signed("ecs"), ...json, "x-amz-target": "AmazonEC2ContainerServiceV20141113.ListClusters" },
      status: 200,
      says: "clusterArns",
    },
    {
      name: "a target names DynamoDB",
      headers: {
        ...signed("dynamodb"),
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": "DynamoDB_20120810.ListTables",
      },
      status: 200,
      says: "TableNames",
    },
    {
      name: "a target names SQS",
      headers: { ...signed("sqs"), "x-amz-target": "AmazonSQS.ListQueues" },
      status: 200,
      says: "QueueUrls",
    },
    {
      name: "a target decides, not the credential's scope",
      headers: { ...signed("sqs"), ...json, "x-amz-target": "AmazonEC2ContainerServiceV20141113.ListClusters" },
      status: 200,
      says: "clusterArns",
    },
    {
      name: "without a target the scope decides: SQS's query protocol is refused by SQS",
      headers: signed("sqs"),
      status: 400,
      says: "<Code>InvalidAction</Code>",
    },
    {
      name: "without a target ECS has no action",
      headers: { ...signed("ecs"), ...json },
      status: 400,
      says: "UnknownOperationException",
    },
    {
      name: "an unknown target is refused as JSON, naming what is offered",
      headers: { ...signed("logs"), ...json, "x-amz-target": "Logs_20140328.PutLogEvents" },
      status: 501,
      says: '"message":"Logs_20140328.PutLogEvents is not offered here; these are: ECS, DynamoDB, SQS"',
    },
    {
      name: "an unknown scope is refused as XML, naming what is offered",
      headers: signed("s3"),
      status: 501,
      says: "<Message>s3 is not offered here; these are: ECS, DynamoDB, SQS</Message>",
    },
    {
      name: "load balancing without a handler is not offered",
      headers: signed("elasticloadbalancing"),
      status: 501,
      says: "elasticloadbalancing is not offered here",
    },
    {
      name: "an unsigned request is refused",
      headers: { ...json, "x-amz-target": "AmazonSQS.ListQueues" },
      status: 403,
      says: "MissingAuthenticationToken",
    },
  ])("$name", async ({ headers, status, says }) => {
    const answer = await post(headers);
    expect(answer.text).toContain(says);
    expect(answer.status).toBe(status);
    expect(answer.type).toContain(says.startsWith("<") || answer.text.startsWith("<") ? "xml" : "json");
  });

  test.for(["/", "/health"])("GET %s says what is offered", async (path) => {
    const response = await fetch(endpoint.url() + path);
    expect(await response.json()).toEqual({ status: "ok", services: ["ECS", "DynamoDB", "SQS"] });
  });

  test("a signed GET of / is S3's, and no health check", async () => {
    const response = await fetch(endpoint.url(), { headers: signed("s3") });
    expect(await response.text()).toContain("s3 is not offered here");
  });

  test("a body of more than 16 MiB is refused", async () => {
    const answer = await post({ ...signed("sqs"), "x-amz-target": "AmazonSQS.ListQueues" }, "x".repeat(17 * 2 ** 20));
    expect(answer).toMatchObject({ status: 413, text: expect.stringContaining("16777216 bytes") });
  });

  test("a client that leaves in the middle of its request harms nobody", async () => {
    const socket = connect(Number(new URL(endpoint.url()).port), "127.0.0.1");
    socket.write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{");
    await once(socket, "connect");
    socket.destroy();
    expect((await fetch(endpoint.url())).status).toBe(200);
    expect(faults).toEqual([]);
  });
});

describe("load balancing", () => {
  const document =
    '<DescribeTargetGroupsResponse xmlns="http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/">' +
    "<DescribeTargetGroupsResult><TargetGroups><member><TargetGroupName>web</TargetGroupName></member></TargetGroups>" +
    "</DescribeTargetGroupsResult></DescribeTargetGroupsResponse>";
  const withHandler = useEndpoint({
    loadBalancing: async ({ action, parameters }) =>
      action === "DescribeTargetGroups" && parameters.get("Names.member.1") === "web"
        ? { status: 200, body: document }
        : { status: 400, body: "" },
  });

  test("a query reaches the handler with its action and parameters, and its XML the client", async () => {
    const client = new ElasticLoadBalancingV2Client(clientSettings(withHandler.url()));
    const answer = await client.send(new DescribeTargetGroupsCommand({ Names: ["web"] }));
    expect(answer.TargetGroups).toMatchObject([{ TargetGroupName: "web" }]);
    client.destroy();
  });
});

/** Local addresses, as /proc writes them, of what this process listens on. */
function listeningAddresses(): string[] {
  const sockets = new Set<string>();
  for (const descriptor of readdirSync("/proc/self/fd")) {
    try {
      sockets.add(readlinkSync(`/proc/self/fd/${descriptor}`));
    } catch {
      // The descriptor of the directory's own listing is closed by now.
    }
  }
  const listening = "0A";
  return ["/proc/net/tcp", "/proc/net/tcp6"]
    .flatMap((file) => readFileSync(file, "utf8").trim().split("\n").slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === listening && sockets.has(`socket:[${fields[9]}]`))
    .map((fields) => fields[1] ?? "");
}

describe("addresses", () => {
  test.skipIf(process.platform !== "linux")("only 127.0.0.1 is listened on (told by /proc/net/tcp, on Linux)", () => {
    const addresses = listeningAddresses().map((address) => address.split(":")[0]);
    expect(addresses.length).toBeGreaterThan(0);
    expect(new Set(addresses)).toEqual(new Set(["0100007F"]));
  });

  test("a port that is taken is an error", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    await expect(startEndpoint({ ecs: scriptedEngine(), port })).rejects.toThrow("EADDRINUSE");
    other.close();
  });
});

describe("close", () => {
  test("a waiting receive is answered, and the port is free", async () => {
    const closing = await startEndpoint({ ecs: scriptedEngine() });
    const receive = httpRequest(closing.url, {
      method: "POST",
      headers: { ...signed("sqs"), "x-amz-target": "AmazonSQS.ReceiveMessage" },
    });
    const queue = { ...signed("sqs"), "x-amz-target": "AmazonSQS.CreateQueue" };
    const created = await fetch(closing.url, { method: "POST", headers: queue, body: '{"QueueName":"work"}' });
    const { QueueUrl } = (await created.json()) as { QueueUrl: string };
    receive.end(JSON.stringify({ QueueUrl, WaitTimeSeconds: 20 }));
    const answered = once(receive, "response");
    // Nothing tells from outside that the receive waits; were it not there yet, closing would refuse it.
    await delay(200);
    await closing.close();
    const [{ statusCode }] = await answered;
    expect(statusCode).toBe(200);
    await expect(fetch(closing.url)).rejects.toThrow("fetch failed");
  });

  test("a client that never finishes its request delays it by a second at most", async () => {
    const closing = await startEndpoint({ ecs: scriptedEngine() });
    const socket = connect(closing.port, "127.0.0.1").on("error", () => {});
    await once(socket, "connect");
    socket.write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{");
    await fetch(closing.url);
    const started = performance.now();
    await closing.close();
    expect(performance.now() - started).toBeLessThan(5000);
  });

  test("nothing keeps the process alive afterwards", async () => {
    const program = `
      import { startEndpoint } from ${JSON.stringify(import.meta.resolve("../../local/endpoint.ts"))};
      const endpoint = await startEndpoint({ ecs: {} });
      await fetch(endpoint.url);
      await endpoint.close();
      console.log("closed");`;
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program], {
      timeout: 20_000,
    });
    expect(stdout).toBe("closed\n");
  });
});

test("clients of any region see the same queues", async () => {
  const there = new SQSClient({ ...clientSettings(endpoint.url()), region: "eu-west-1" });
  const create = { ...signed("sqs"), "x-amz-target": "AmazonSQS.CreateQueue" };
  await post(create, '{"QueueName":"everywhere"}');
  const { QueueUrl } = await there.send(new GetQueueUrlCommand({ QueueName: "everywhere" }));
  expect(QueueUrl).toBe(`${endpoint.url()}/000000000000/everywhere`);
  there.destroy();
});
