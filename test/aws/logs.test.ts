import { afterAll, beforeAll, expect, test } from "vitest";
import { cloudWatchLogs, type LogReader } from "../../aws/logs.ts";
import { cannedAws, refusal } from "../support/canned-aws.ts";

const aws = cannedAws();
let reader: LogReader;
beforeAll(async () => {
  const { hostname, port } = (await aws.clients.sqs.config.endpoint?.()) ?? {};
  const AWS_ENDPOINT_URL = `http://${hostname}:${port}`;
  const credentials = { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" };
  reader = cloudWatchLogs({ AWS_ENDPOINT_URL, AWS_REGION: "us-east-1", ...credentials });
});
afterAll(() => reader.close());

const query = { region: "eu-west-1", group: "/g", streamPrefix: "shop/web/app/", fromMs: 1_000 };
const event = (id: string, timestamp: number) => ({
  eventId: id,
  logStreamName: "shop/web/app/t0",
  timestamp,
  message: `line ${id}`,
});
const all = async () => {
  const pages = [];
  for await (const page of reader.pages(query)) pages.push(page);
  return pages;
};

test("pages are followed to the last, across one that is empty", async () => {
  aws.answer(
    { body: { events: [event("1", 1_000)], nextToken: "a" } },
    { body: { nextToken: "b" } },
    { body: { events: [event("2", 2_000)] } },
  );
  const line = (id: string, atMs: number) => ({ id, stream: "shop/web/app/t0", atMs, message: `line ${id}` });
  expect(await all()).toEqual([[line("1", 1_000)], [], [line("2", 2_000)]]);
  const asked = { logGroupName: "/g", logStreamNamePrefix: "shop/web/app/", startTime: 1_000 };
  expect(aws.requests).toEqual(
    [{}, { nextToken: "a" }, { nextToken: "b" }].map((from) => ({
      action: "FilterLogEvents",
      input: { ...asked, ...from },
    })),
  );
});

test("a group that is not there is a fault of that name", async () => {
  aws.answer(refusal("ResourceNotFoundException"));
  await expect(all()).rejects.toMatchObject({ kind: "terminal", code: "ResourceNotFoundException" });
});

test("a read that fails changed nothing", async () => {
  aws.answer("broken connection", "broken connection", "broken connection");
  await expect(all()).rejects.toMatchObject({
    kind: "transient",
    message: expect.stringContaining("nothing was changed"),
  });
});
