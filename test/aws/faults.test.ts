import { describe, expect, test } from "vitest";
import { faultFrom, translated } from "../../aws/faults.ts";
import { Fault } from "../../core/model/fault.ts";

const anError = (name: string, members: object = {}) => Object.assign(new Error(`${name} said`), { name, ...members });
const answered = (name: string, httpStatusCode: number) => anError(name, { $metadata: { httpStatusCode } });

describe("what the SDK throws means", () => {
  test.for([
    { error: answered("ThrottlingException", 400), kind: "transient", throttled: true },
    { error: answered("ProvisionedThroughputExceededException", 400), kind: "transient", throttled: true },
    { error: answered("RequestThrottled", 403), kind: "transient", throttled: true },
    { error: answered("Throttling", 400), kind: "transient", throttled: true },
    { error: answered("AnyName", 429), kind: "transient", throttled: true },
    { error: answered("ServerException", 500), kind: "transient", throttled: false },
    { error: answered("AnyName", 503), kind: "transient", throttled: false },
    { error: answered("RequestTimeout", 408), kind: "transient", throttled: false },
    { error: answered("SyntaxError", 200), kind: "transient", throttled: false },
    { error: answered("ExpiredTokenException", 400), kind: "transient", throttled: false },
    { error: answered("TransactionConflictException", 400), kind: "transient", throttled: false },
    { error: anError("TimeoutError"), kind: "transient", throttled: false },
    { error: anError("CredentialsProviderError"), kind: "transient", throttled: false },
    { error: anError("Error", { code: "ECONNREFUSED" }), kind: "transient", throttled: false },
    { error: anError("Error", { code: "ERR_TLS_CERT_ALTNAME_INVALID" }), kind: "transient", throttled: false },
    { error: answered("ConflictException", 400), kind: "conflict", throttled: false },
    { error: answered("AccessDeniedException", 400), kind: "terminal", throttled: false },
    { error: answered("AccessDenied", 403), kind: "terminal", throttled: false },
    { error: answered("ClusterNotFoundException", 400), kind: "terminal", throttled: false },
    { error: answered("InvalidParameterException", 400), kind: "terminal", throttled: false },
    { error: answered("ClientException", 400), kind: "terminal", throttled: false },
    { error: answered("LimitExceededException", 400), kind: "terminal", throttled: false },
    { error: answered("TargetGroupNotFoundException", 400), kind: "terminal", throttled: false },
    { error: answered("AnyName", 404), kind: "terminal", throttled: false },
  ] as const)("$error.name: $kind, throttled $throttled", ({ error, kind, throttled }) => {
    expect(faultFrom(error, "ecs RunTask")).toMatchObject({ name: "Fault", kind, throttled });
  });

  test("a full queue of PROVISIONING tasks is a matter of rate, though ECS calls it the client's fault", () => {
    const error = Object.assign(answered("ClientException", 400), {
      message: "Tasks provisioning capacity limit exceeded.",
    });
    expect(faultFrom(error, "ecs RunTask")).toMatchObject({ kind: "transient", throttled: true });
  });

  test.for([
    {
      name: "InvalidParameterException",
      message: "Request limit exceeded. (Service: AmazonEC2; Code: RequestLimitExceeded)",
    },
    { name: "ClientException", message: "You've reached the limit on the number of vCPUs you can run concurrently" },
    { name: "ClientException", message: "Capacity is unavailable at this time. Please try again later" },
  ])("what passes by itself comes as bad input, too: $message", ({ name, message }) => {
    const error = Object.assign(answered(name, 400), { message });
    expect(faultFrom(error, "ecs RunTask")).toMatchObject({ kind: "transient", throttled: true });
  });
});

describe("a fault", () => {
  test("names the operation, what was said, and what to do; and keeps its cause", () => {
    const error = answered("AccessDeniedException", 400);
    const fault = faultFrom(error, "ecs RunTask");
    expect(fault).toMatchObject({ code: "AccessDeniedException", cause: error });
    expect((fault as Fault).message).toBe(
      "ecs RunTask was refused: AccessDeniedException: AccessDeniedException said; grant our role this action on this resource",
    );
  });

  test("of a conflict names the tasks that the token started", () => {
    const resourceIds = ["arn:aws:ecs:us-east-1:1:task/main/aaa", "arn:aws:ecs:us-east-1:1:task/main/bbb"];
    expect(faultFrom(anError("ConflictException", { resourceIds }), "ecs RunTask")).toMatchObject({
      kind: "conflict",
      taskIds: ["aaa", "bbb"],
    });
  });

  test.for([
    { operation: "dynamodb GetItem", advice: "nothing was changed; it is tried again" },
    { operation: "dynamodb Query", advice: "nothing was changed; it is tried again" },
    { operation: "ecs ListTasks", advice: "nothing was changed; it is tried again" },
    { operation: "elb DescribeTargetHealth", advice: "nothing was changed; it is tried again" },
    { operation: "dynamodb UpdateItem", advice: "it may have taken effect; read before trying again" },
    { operation: "ecs RunTask", advice: "it may have taken effect; read before trying again" },
  ])("of $operation that broke says what may have come of it", ({ operation, advice }) => {
    const ends = (error: Error) => expect((faultFrom(error, operation) as Fault).message.endsWith(`; ${advice}`));
    ends(answered("InternalServerError", 500)).toBe(true);
    ends(anError("Error", { code: "ECONNRESET" })).toBe(true);
  });

  test.for(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH"])("%s asks who was meant", (code) => {
    const fault = faultFrom(anError("Error", { code }), "sqs SendMessage") as Fault;
    expect(fault.kind).toBe("transient");
    expect(fault.message).toBe(
      `sqs SendMessage failed: ${code}: Error said; nothing answers there: look at AWS_ENDPOINT_URL, the region and the network`,
    );
  });

  test("of the network has the system's code", () => {
    const error = anError("Error", { code: "ECONNRESET" });
    expect(faultFrom(error, "ecs RunTask")).toMatchObject({ code: "ECONNRESET" });
  });
});

test.for([
  { name: "a bug of ours", error: new TypeError("x is not a function") },
  { name: "Node's complaint about an argument", error: anError("TypeError", { code: "ERR_INVALID_ARG_TYPE" }) },
  { name: "a fault", error: new Fault("terminal", "Code", "message") },
  { name: "what is no error", error: "text" },
])("$name stays what it is", async ({ error }) => {
  await expect(translated("ecs RunTask", () => Promise.reject(error))).rejects.toBe(error);
});
