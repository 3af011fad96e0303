import { describe, expect, test } from "vitest";
import { logGroups, logStreamOf } from "../../local/log-groups.ts";
import type { ContainerOrder } from "../../sim/ecs/api.ts";

const everything = () => true;

describe("what is kept of a stream", () => {
  test.for([
    { name: "its last 10,000 lines", count: 10_010, line: (index: number) => `${index}`, first: "10", kept: 10_000 },
    {
      name: "no more than a million characters",
      count: 260,
      line: (index: number) => `${index}`.padEnd(4_000),
      first: "10",
      kept: 250,
    },
  ])("$name", ({ count, line, first, kept }) => {
    const logs = logGroups([], () => 0);
    const write = logs.open({ group: "/g", stream: "s" });
    for (let index = 0; index < count; index += 1) write(line(index));
    const events = logs.read("/g", everything) ?? [];
    expect([events.length, events[0]?.message.trim()]).toEqual([kept, first]);
  });

  test("nothing, once 400 others began after it", () => {
    const logs = logGroups([], () => 0);
    for (let index = 0; index <= 400; index += 1) logs.open({ group: "/g", stream: `s${index}` })("line");
    const streams = logs.read("/g", everything)?.map(({ stream }) => stream);
    expect([streams?.length, streams?.[0]]).toEqual([400, "s1"]);
  });
});

describe("the stream of a container", () => {
  const order = { taskArn: "arn:aws:ecs:us-east-1:0:task/longshore/0123", container: "app" } as ContainerOrder;
  const options = { "awslogs-group": "/g", "awslogs-stream-prefix": "shop/web" };
  const { "awslogs-group": _, ...withoutGroup } = options;
  const { "awslogs-stream-prefix": __, ...withoutPrefix } = options;
  test.for([
    {
      name: "is named by its options, its own name and its task",
      logs: { driver: "awslogs", options },
      is: { group: "/g", stream: "shop/web/app/0123" },
    },
    { name: "is unknown without a driver", logs: undefined, is: undefined },
    { name: "is unknown with another driver", logs: { driver: "splunk", options }, is: undefined },
    { name: "is unknown without a group", logs: { driver: "awslogs", options: withoutGroup }, is: undefined },
    { name: "is unknown without a prefix", logs: { driver: "awslogs", options: withoutPrefix }, is: undefined },
  ])("$name", ({ logs, is }) => {
    expect(logStreamOf({ ...order, ...(logs && { logs }) })).toEqual(is);
  });
});
