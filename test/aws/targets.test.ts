import { expect, test } from "vitest";
import { elbTargets } from "../../aws/targets.ts";
import { cannedAws } from "../support/canned-aws.ts";

const aws = cannedAws();
const underTest = () => elbTargets({ clients: aws.clients.elb, timeoutMs: 150 });
const group = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/1";

const answer = (action: string, result = "") => ({
  headers: { "content-type": "text/xml" },
  body: `<${action}Response><${action}Result>${result}</${action}Result></${action}Response>`,
});
const error = (code: string, status = 400) => ({
  status,
  headers: { "content-type": "text/xml" },
  body: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>said</Message></Error></ErrorResponse>`,
});

test("targets are registered and deregistered a hundred a call", async () => {
  aws.answer(answer("RegisterTargets"), answer("RegisterTargets"), answer("DeregisterTargets"));
  const targets = Array.from({ length: 101 }, (_, index) => ({ id: `10.0.0.${index}`, port: 80 }));
  await underTest().register(group, targets);
  await underTest().deregister(group, targets.slice(0, 1));
  const counts = aws.requests.map(({ action, input }) => [
    action,
    Object.keys(input).filter((name) => name.endsWith(".Id")).length,
  ]);
  expect(counts).toEqual([
    ["RegisterTargets", 100],
    ["RegisterTargets", 1],
    ["DeregisterTargets", 1],
  ]);
  expect(aws.requests[1]?.input).toMatchObject({
    TargetGroupArn: group,
    "Targets.member.1.Id": "10.0.0.100",
    "Targets.member.1.Port": "80",
  });
});

test("no targets, no call", async () => {
  await underTest().register(group, []);
  await underTest().deregister(group, []);
  expect(aws.requests).toEqual([]);
});

test("health comes with AWS's reason; a state that we do not know yet is unavailable", async () => {
  const member = (id: string, health: string) =>
    `<member><Target><Id>${id}</Id><Port>80</Port></Target><TargetHealth>${health}</TargetHealth></member>`;
  const members = [
    member("a", "<State>healthy</State>"),
    member("b", "<State>unhealthy</State><Reason>Target.Timeout</Reason><Description>late</Description>"),
    member("c", "<State>unhealthy.draining</State>"),
    member("d", "<State>new</State>"),
  ];
  const result = `<TargetHealthDescriptions>${members.join("")}</TargetHealthDescriptions>`;
  aws.answer(answer("DescribeTargetHealth", result));
  expect(await underTest().health(group)).toEqual([
    { id: "a", port: 80, state: "healthy" },
    { id: "b", port: 80, state: "unhealthy", reason: "Target.Timeout" },
    { id: "c", port: 80, state: "unhealthy.draining" },
    { id: "d", port: 80, state: "unavailable" },
  ]);
});

test("a group without targets has none", async () => {
  aws.answer(answer("DescribeTargetHealth", "<TargetHealthDescriptions/>"));
  expect(await underTest().health(group)).toEqual([]);
});

test.for([
  { name: "no such group", canned: error("TargetGroupNotFound"), fault: { kind: "terminal" } },
  { name: "throttled", canned: error("Throttling"), fault: { kind: "transient", throttled: true } },
  { name: "full", canned: error("TooManyTargets"), fault: { kind: "terminal" } },
  { name: "broken", canned: error("InternalFailure", 500), fault: { kind: "transient", throttled: false } },
  { name: "no answer", canned: "silence", fault: { kind: "transient", code: "TimeoutError" } },
] as const)("registering is tried once: $name", async ({ canned, fault }) => {
  aws.answer(canned);
  await expect(underTest().register(group, [{ id: "a", port: 80 }])).rejects.toMatchObject(fault);
  expect(aws.requests).toHaveLength(1);
});

test("reading health is repeated, and of no group terminal", async () => {
  aws.answer(error("InternalFailure", 500), error("TargetGroupNotFound"));
  await expect(underTest().health(group)).rejects.toMatchObject({ kind: "terminal" });
});
