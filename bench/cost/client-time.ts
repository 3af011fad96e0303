import { Worker } from "node:worker_threads";
import { DynamoDBDocumentClient, GetCommand } from "@aws-sdk/lib-dynamodb";
import { clientsFrom, closeClients } from "../../aws/clients.ts";

const warmUps = 200;
const calls = 500;

/** A server of its own thread, so that only the client's work is measured. */
const server = `
const { createServer } = require("node:http");
const { parentPort } = require("node:worker_threads");
const item = { Item: { partition: { S: "service#shop/web" }, sort: { S: "state" }, text: { S: "x".repeat(1000) } } };
const answer = JSON.stringify(item);
const listening = createServer((request, response) => {
  request.resume().on("end", () => response.setHeader("content-type", "application/x-amz-json-1.0").end(answer));
}).listen(0, "127.0.0.1", () => parentPort.postMessage(listening.address().port));
`;

/** What a call of AWS takes of a whole processor in AWS's client: to sign it, to send it, and to read a KB of answer; ms. */
export async function measureClientMs(): Promise<number> {
  const worker = new Worker(server, { eval: true });
  const port = await new Promise<number>((resolve) => worker.once("message", resolve));
  const clients = clientsFrom({
    AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "bench",
    AWS_SECRET_ACCESS_KEY: "bench",
  });
  const documents = DynamoDBDocumentClient.from(clients.dynamodb);
  const get = () => documents.send(new GetCommand({ TableName: "bench", Key: { partition: "a", sort: "b" } }));
  try {
    for (let call = 0; call < warmUps; call += 1) await get();
    const { user: fromUser, system: fromSystem } = process.threadCpuUsage();
    for (let call = 0; call < calls; call += 1) await get();
    const { user, system } = process.threadCpuUsage();
    return (user - fromUser + system - fromSystem) / 1000 / calls;
  } finally {
    closeClients(clients);
    await worker.terminate();
  }
}
