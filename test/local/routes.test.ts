import { once } from "node:events";
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { setImmediate as turn } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { answerRequest } from "../../local/routes.ts";
import type { WireRequest } from "../../local/wire.ts";
import { eventually } from "./eventually.ts";

const headers = {
  authorization: "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/sqs/aws4_request, Signature=0",
  "x-amz-target": "AmazonSQS.ReceiveMessage",
};

/** A server whose one service never answers, as a receive that waits. */
async function aServer(meet: (request: IncomingMessage, response: ServerResponse) => void) {
  const asked: WireRequest[] = [];
  const faults: unknown[] = [];
  const service = (request: WireRequest) => {
    asked.push(request);
    return new Promise<never>(() => {});
  };
  const server = createServer((request, response) => {
    meet(request, response);
    const routes = [{ name: "SQS", target: "AmazonSQS", scope: "sqs", service }];
    void answerRequest(routes, request, response, (fault) => faults.push(fault));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { port: (server.address() as AddressInfo).port, asked, faults };
}

test("a client that leaves while it is answered is noticed by whoever answers it", async () => {
  const { port, asked, faults } = await aServer(() => {});
  const client = httpRequest({ port, host: "127.0.0.1", method: "POST", headers }).on("error", () => {});
  client.end("{}");
  const { signal } = await eventually("the service is asked", () => asked[0]);
  client.destroy();
  await eventually("the service knows", () => signal.aborted || undefined);
  expect(faults).toEqual([]);
});

test("so is one that leaves at the moment its request is read", async () => {
  // No socket closes within that one turn of the loop, in today's Node: told by hand.
  const { port, asked } = await aServer((request, response) => request.once("end", () => response.emit("close")));
  httpRequest({ port, host: "127.0.0.1", method: "POST", headers })
    .on("error", () => {})
    .end("{}");
  const { signal } = await eventually("the service is asked", () => asked[0]);
  expect(signal.aborted).toBe(true);
});

test.for([
  { name: "half a request", length: 4 },
  { name: "a whole request that is not read yet", length: 2 },
])("a client that leaves after $name is no fault", async ({ length }) => {
  const met = Promise.withResolvers<ServerResponse>();
  const { port, asked, faults } = await aServer((request, response) => {
    request.pause();
    met.resolve(response);
  });
  const socket = connect(port, "127.0.0.1").on("error", () => {});
  const fields = Object.entries({ host: "x", "content-length": length, ...headers });
  socket.write(`POST / HTTP/1.1\r\n${fields.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n{}`);
  const left = once(await met.promise, "close");
  socket.destroy();
  await left;
  await turn();
  expect({ asked, faults }).toEqual({ asked: [], faults: [] });
});
