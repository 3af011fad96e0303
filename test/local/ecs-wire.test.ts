import { DescribeTasksCommand, ListClustersCommand, RunTaskCommand, StopTaskCommand } from "@aws-sdk/client-ecs";
import { describe, expect, test } from "vitest";
import { useEndpoint } from "./use-endpoint.ts";

let activities = 0;
const faults: unknown[] = [];
const endpoint = useEndpoint({
  onActivity: () => {
    activities++;
  },
  onFault: (fault) => faults.push(fault),
});

describe("the ECS API on the wire", () => {
  test("the client's input reaches the engine, its answer the client", async () => {
    const answer = await endpoint.ecs().send(new ListClustersCommand({ maxResults: 7 }));
    expect(answer.clusterArns).toEqual(['{"maxResults":7}']);
    expect(answer.$metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  test("every request is an activity, refused ones too", async () => {
    const before = activities;
    await endpoint.ecs().send(new ListClustersCommand({}));
    await endpoint
      .ecs()
      .send(new RunTaskCommand({ taskDefinition: "web:1" }))
      .catch(() => {});
    expect(activities - before).toBe(2);
  });

  test("an error has its code, status, message and members", async () => {
    const run = endpoint.ecs().send(new RunTaskCommand({ taskDefinition: "web:1" }));
    await expect(run).rejects.toMatchObject({
      name: "ConflictException",
      message: "still in use",
      resourceIds: ["task-1"],
      $metadata: { httpStatusCode: 400 },
    });
  });

  test("an unknown action is refused by the engine's own word", async () => {
    const stop = endpoint.ecs().send(new StopTaskCommand({ task: "task-1" }));
    await expect(stop).rejects.toMatchObject({ name: "UnknownOperationException", message: "unknown action StopTask" });
  });

  test("a bug is answered 500 and reported", async () => {
    const describe = endpoint.ecs().send(new DescribeTasksCommand({ tasks: ["task-1"] }));
    await expect(describe).rejects.toMatchObject({
      name: "InternalFailure",
      message: "TypeError: a bug",
      $metadata: { httpStatusCode: 500 },
    });
    expect(faults).toEqual([new TypeError("a bug")]);
  });

  test.for(["[]", "{", '"text"', "null"])("the body %s is no JSON object", async (body) => {
    const response = await fetch(endpoint.url(), {
      method: "POST",
      headers: {
        authorization: "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/ecs/aws4_request, Signature=0",
        "x-amz-target": "AmazonEC2ContainerServiceV20141113.ListClusters",
      },
      body,
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ __type: "SerializationException" });
  });
});
