import { FilterLogEventsCommand, type FilterLogEventsCommandInput } from "@aws-sdk/client-cloudwatch-logs";
import { beforeAll, describe, expect, test } from "vitest";
import { logGroups } from "../../local/log-groups.ts";
import { forgive } from "../models/ledger.ts";
import { useEndpoint } from "./use-endpoint.ts";

let nowMs = 1_000;
const logs = logGroups(["/empty"], () => nowMs);
const endpoint = useEndpoint({ logs });

beforeAll(() => {
  const app = logs.open({ group: "/g", stream: "shop/web/app/t0" });
  const proxy = logs.open({ group: "/g", stream: "shop/web/proxy/t0" });
  const other = logs.open({ group: "/g", stream: "shop/webshop/app/t1" });
  logs.open({ group: "/h", stream: "shop/web/app/t0" })("elsewhere");
  for (const [atMs, write, line] of [
    [1_000, app, "one"],
    [1_000, proxy, "two"],
    [2_000, app, "three"],
    [3_000, other, "four"],
  ] as const) {
    nowMs = atMs;
    write(line);
  }
});

const filter = (input: Partial<FilterLogEventsCommandInput>) =>
  endpoint.logs().send(new FilterLogEventsCommand({ logGroupName: "/g", ...input }));

describe("FilterLogEvents", () => {
  test.for<{ name: string; input: Partial<FilterLogEventsCommandInput>; lines: readonly string[] }>([
    { name: "all of a group, in the order in which they came", input: {}, lines: ["one", "two", "three", "four"] },
    {
      name: "streams that begin alike",
      input: { logStreamNamePrefix: "shop/web/" },
      lines: ["one", "two", "three"],
    },
    { name: "streams by name", input: { logStreamNames: ["shop/web/proxy/t0"] }, lines: ["two"] },
    { name: "from a moment on", input: { startTime: 2_000 }, lines: ["three", "four"] },
    { name: "up to a moment", input: { endTime: 2_000 }, lines: ["one", "two", "three"] },
    { name: "a group in which nothing is", input: { logGroupName: "/empty" }, lines: [] },
  ])("$name", async ({ input, lines }) => {
    const { events = [], nextToken } = await filter(input);
    expect([events.map(({ message }) => message), nextToken]).toEqual([lines, undefined]);
  });

  test("an event has an id, its stream, and when it was", async () => {
    const { events = [] } = await filter({ startTime: 3_000 });
    expect(events).toEqual([
      {
        eventId: expect.stringMatching(/^\d{56}$/),
        logStreamName: "shop/webshop/app/t1",
        timestamp: 3_000,
        ingestionTime: 3_000,
        message: "four",
      },
    ]);
  });

  test("the rest is on further pages, without a gap or a line twice", async () => {
    const lines: (string | undefined)[] = [];
    let nextToken: string | undefined;
    let pages = 0;
    do {
      const page = await filter({ limit: 3, ...(nextToken && { nextToken }) });
      lines.push(...(page.events ?? []).map(({ message }) => message));
      nextToken = page.nextToken;
      pages += 1;
    } while (nextToken !== undefined);
    expect([pages, lines]).toEqual([2, ["one", "two", "three", "four"]]);
  });

  test.for<{ name: string; input: Partial<FilterLogEventsCommandInput>; error: string; says: string }>([
    {
      name: "a group that is not there",
      input: { logGroupName: "/none" },
      error: "ResourceNotFoundException",
      says: "does not exist",
    },
    {
      name: "a beginning that no stream has",
      input: { logStreamNamePrefix: "a:b" },
      error: "InvalidParameterException",
      says: "logStreamNamePrefix must be of 1 to 512",
    },
    {
      name: "no names",
      input: { logStreamNames: [] },
      error: "InvalidParameterException",
      says: "logStreamNames must be 1 to 100",
    },
    { name: "no group", input: { logGroupName: "" }, error: "InvalidParameterException", says: "logGroupName" },
    {
      name: "names and their beginning",
      input: { logStreamNames: ["a"], logStreamNamePrefix: "a" },
      error: "InvalidParameterException",
      says: "must not stand together",
    },
    {
      name: "a pattern",
      input: { filterPattern: "error" },
      error: "InvalidParameterException",
      says: "filterPattern is not offered here",
    },
    { name: "too large a page", input: { limit: 10_001 }, error: "InvalidParameterException", says: "1 to 10000" },
    { name: "a time before all time", input: { startTime: -1 }, error: "InvalidParameterException", says: "startTime" },
    { name: "another's token", input: { nextToken: "f/1" }, error: "InvalidParameterException", says: "nextToken" },
  ])("is refused: $name", async ({ input, error, says }) => {
    await expect(filter(input)).rejects.toMatchObject({ name: error, message: expect.stringContaining(says) });
    forgive(/FilterLogEvents request/);
  });

  test("another action is not offered", async () => {
    const response = await fetch(endpoint.url(), {
      method: "POST",
      headers: {
        authorization: "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/logs/aws4_request, Signature=0",
        "x-amz-target": "Logs_20140328.PutLogEvents",
      },
      body: "{}",
    });
    expect([response.status, await response.json()]).toMatchObject([400, { __type: "UnknownOperationException" }]);
  });
});
