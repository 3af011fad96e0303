import { describe, expect, test } from "vitest";
import { regionalSqs } from "../../aws/clients.ts";
import { sqsMetrics } from "../../aws/metrics.ts";
import { isFault } from "../../core/model/fault.ts";
import { type Canned, cannedAws, refusal } from "../support/canned-aws.ts";

const aws = cannedAws();
const jobs = "arn:aws:sqs:us-east-1:123456789012:jobs";
const asked: string[] = [];

/** Metrics of AWS itself; what is asked of any region arrives at the canned server. */
const underTest = (endpoint?: string) => {
  // The SDK sends to a queue's URL unless told not to: here the canned server stands in for it.
  aws.clients.sqs.config.useQueueUrlAsEndpoint = false;
  asked.length = 0;
  const sqs = (region: string) => {
    asked.push(region);
    return aws.clients.sqs;
  };
  // Room for all attempts of the SDK: what is given up has tests of its own.
  return sqsMetrics({ sqs, timeoutMs: 5_000, ...(endpoint !== undefined && { endpoint }) });
};
const read = (queue: string, endpoint?: string) =>
  underTest(endpoint).read({ type: "queue", queue, messagesPerTask: 1 });
const counts = (visible: unknown, inFlight: unknown): Canned => ({
  body: {
    Attributes: { ApproximateNumberOfMessages: visible, ApproximateNumberOfMessagesNotVisible: inFlight },
  },
});
const faultOf = (reading: Promise<unknown>) =>
  reading.then(
    () => "read",
    (error: unknown) => error,
  );

describe("a queue's URL", () => {
  test.for([
    { name: "AWS", arn: jobs, url: "https://sqs.us-east-1.amazonaws.com/123456789012/jobs", region: "us-east-1" },
    {
      name: "another region",
      arn: "arn:aws:sqs:eu-central-1:123456789012:jobs",
      url: "https://sqs.eu-central-1.amazonaws.com/123456789012/jobs",
      region: "eu-central-1",
    },
    {
      name: "China",
      arn: "arn:aws-cn:sqs:cn-north-1:123456789012:jobs",
      url: "https://sqs.cn-north-1.amazonaws.com.cn/123456789012/jobs",
      region: "cn-north-1",
    },
    {
      name: "a FIFO queue",
      arn: "arn:aws:sqs:us-east-1:123456789012:jobs_1-a.fifo",
      url: "https://sqs.us-east-1.amazonaws.com/123456789012/jobs_1-a.fifo",
      region: "us-east-1",
    },
  ])("is that of $name", async ({ arn, url, region }) => {
    aws.answer(counts("1", "2"));
    expect(await read(arn)).toEqual({ kind: "total", value: 3 });
    expect(asked).toEqual([region]);
    expect(aws.requests).toEqual([
      {
        action: "GetQueueAttributes",
        input: {
          QueueUrl: url,
          AttributeNames: ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
        },
      },
    ]);
  });

  test.for(["http://127.0.0.1:4566", "http://127.0.0.1:4566/"])("is that of the endpoint %s", async (endpoint) => {
    aws.answer(counts("0", "0"));
    expect(await read(jobs, endpoint)).toEqual({ kind: "total", value: 0 });
    expect(aws.requests[0]?.input.QueueUrl).toBe("http://127.0.0.1:4566/123456789012/jobs");
  });

  test.for([
    "jobs",
    "arn:aws:sns:us-east-1:123456789012:jobs",
    "arn:aws:sqs:us-east-1:123456789012:",
    "arn:aws:sqs:us-east-1:12345:jobs",
    "arn:aws:sqs::123456789012:jobs",
    "arn:aws-mars:sqs:us-east-1:123456789012:jobs",
    "arn:aws:sqs:evil.example/x:123456789012:jobs",
    "arn:aws:sqs:us-east-1:123456789012:../other",
    "arn:aws:sqs:us-east-1:123456789012:jobs\n",
  ])("is not made of %j, and nobody is asked", async (arn) => {
    const fault = await faultOf(read(arn));
    expect(fault).toSatisfy((error) => isFault(error, "terminal"));
    expect(fault).toMatchObject({ code: "InvalidArn", message: expect.stringContaining(JSON.stringify(arn)) });
    expect(aws.requests).toEqual([]);
  });
});

describe("an answer that is not two counts is a fault, and no backlog of 0", () => {
  test.for<{ name: string; answer: Canned; got: string }>([
    { name: "no attributes", answer: { body: {} }, got: "nothing for ApproximateNumberOfMessages of" },
    { name: "one missing", answer: counts("1", undefined), got: "nothing for ApproximateNumberOfMessagesNotVisible" },
    { name: "no number", answer: counts("many", "0"), got: '"many"' },
    { name: "an empty text", answer: counts("", "0"), got: '""' },
    { name: "less than nothing", answer: counts("0", "-1"), got: '"-1"' },
    { name: "half a message", answer: counts("1.5", "0"), got: '"1.5"' },
    { name: "more than can be counted", answer: counts("9".repeat(16), "0"), got: "9".repeat(16) },
  ])("$name", async ({ answer, got }) => {
    aws.answer(answer);
    const fault = await faultOf(read(jobs));
    expect(fault).toSatisfy((error) => isFault(error, "transient"));
    expect(fault).toMatchObject({ code: "UnreadableAnswer", message: expect.stringContaining(got) });
  });
});

describe("faults", () => {
  const queryError = { "x-amzn-query-error": "AWS.SimpleQueueService.NonExistentQueue;Sender" };
  test.for<{ name: string; answer: Canned; kind: "terminal" | "transient"; says: string }>([
    {
      name: "a queue that is not there",
      answer: {
        status: 400,
        body: { __type: "com.amazonaws.sqs#QueueDoesNotExist", message: "no such queue" },
        headers: queryError,
      },
      kind: "terminal",
      says: "create it, or correct its name and region",
    },
    {
      name: "one that we may not read",
      answer: refusal("com.amazonaws.sqs#AccessDenied", { status: 403 }),
      kind: "terminal",
      says: "grant our role this action",
    },
    {
      name: "one of another account",
      answer: refusal("AccessDeniedException", { status: 400 }),
      kind: "terminal",
      says: "grant our role this action",
    },
  ])("$name is $kind", async ({ answer, kind, says }) => {
    aws.answer(answer);
    const fault = await faultOf(read(jobs));
    expect(fault).toSatisfy((error) => isFault(error, kind));
    expect(fault).toMatchObject({ message: expect.stringContaining(says) });
  });

  test("one that was asked too often is told as throttled", async () => {
    const throttled = refusal("com.amazonaws.sqs#RequestThrottled");
    aws.answer(throttled, throttled, throttled);
    expect(await faultOf(read(jobs))).toMatchObject({ kind: "transient", throttled: true });
  });
});

describe("the client of a region", () => {
  const environment = { AWS_REGION: "us-east-1", AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" };

  test("signs for it, and is built once", async () => {
    const sqs = regionalSqs(environment, aws.clients.sqs, "us-east-1");
    expect(sqs("us-east-1")).toBe(aws.clients.sqs);
    const other = sqs("eu-central-1");
    expect(await other.config.region()).toBe("eu-central-1");
    expect(sqs("eu-central-1")).toBe(other);
    other.destroy();
  });

  test.for(["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_SQS"])("is the same of every one where %s is set", (variable) => {
    const here = { ...environment, [variable]: "http://127.0.0.1:4566" };
    const sqs = regionalSqs(here, aws.clients.sqs, "us-east-1");
    expect(sqs("eu-central-1")).toBe(aws.clients.sqs);
  });
});
