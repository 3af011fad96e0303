import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { admitManifest, manifestFields, plannedFields } from "../../../core/admission/index.ts";
import { aManifestWith, aPlainManifest } from "../../support/manifests.ts";

const container = "spec.task.containers[0]";
const group = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web/0123456789abcdef";
const secret = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf";
const traffic = { targetGroup: group, container: "app", port: "http" };
const constraint = { attribute: "zone", operator: "in", values: ["a"] };
const jobs = "arn:aws:sqs:eu-west-1:123456789012:jobs";
const metric = { type: "queue", queue: jobs, messagesPerTask: 10 };
const autoscaling = { min: 0, max: 5000, metrics: [metric] };
const scaling = { "spec.autoscaling": autoscaling };
const digest = `@sha256:${"0aF9".repeat(16)}`;
const check = { command: ["CMD", "true"] };
const fargate = [{ type: "fargate" }];
const times = <T>(count: number, item: (index: number) => T): T[] => Array.from({ length: count }, (_, i) => item(i));
const keys = (count: number, value: unknown) => Object.fromEntries(times(count, (i) => [`k${i}`, value]));

/** Every issue of a manifest as `path: message`. */
function issuesWith(changes: Record<string, unknown>): string[] {
  const admission = admitManifest(aManifestWith(changes));
  return admission.ok ? [] : admission.issues.map(({ path, message }) => `${path}: ${message}`);
}

test("fills in every default", () => {
  expect(admitManifest(aPlainManifest())).toEqual({
    ok: true,
    manifest: {
      apiVersion: "longshore.dev/v1",
      kind: "Service",
      metadata: { namespace: "shop", name: "web", labels: {}, annotations: {} },
      spec: {
        replicas: 1,
        priority: 50,
        task: {
          cpuUnits: 256,
          memoryMib: 512,
          architecture: "x86_64",
          containers: [
            {
              name: "app",
              image: "shop/web:1",
              entryPoint: [],
              command: [],
              cpuUnits: 256,
              memoryMib: 512,
              essential: true,
              ports: [{ name: "http", containerPort: 80, protocol: "tcp" }],
              environment: {},
              secrets: {},
              stopTimeoutSeconds: 30,
            },
          ],
        },
        placement: { capacity: [], spread: [], constraints: [] },
        restart: { backoffSeconds: 10, maxBackoffSeconds: 300, resetSeconds: 600 },
        traffic: [],
        rollout: {
          strategy: "rolling",
          maxSurge: "25%",
          maxUnavailable: 0,
          minReadySeconds: 0,
          progressDeadlineSeconds: 600,
          breaker: { percent: 50 },
          onFailure: "rollback",
        },
      },
    },
  });
});

test.for([
  {
    name: "of a health check",
    changes: { [`${container}.health`]: check },
    at: ["task", "containers", 0, "health"],
    is: { command: ["CMD", "true"], intervalSeconds: 30, timeoutSeconds: 5, retries: 3, startPeriodSeconds: 0 },
  },
  {
    name: "of traffic",
    changes: { "spec.traffic": [traffic] },
    at: ["traffic", 0],
    is: { ...traffic, drainSeconds: 30, healthGraceSeconds: 0 },
  },
  {
    name: "of a spread",
    changes: { "spec.placement.spread": [{ by: "zone" }] },
    at: ["placement", "spread", 0],
    is: { by: "zone", maxSkew: 1, whenUnsatisfiable: "prefer" },
  },
  {
    name: "of a constraint",
    changes: { "spec.placement.constraints": [{ attribute: "gpu", operator: "exists" }] },
    at: ["placement", "constraints", 0],
    is: { attribute: "gpu", operator: "exists", values: [] },
  },
  {
    name: "of a network",
    changes: { "spec.task.network": { mode: "bridge" } },
    at: ["task", "network"],
    is: { mode: "bridge", subnets: [], securityGroups: [], publicIp: false },
  },
  {
    name: "of logs",
    changes: { [`${container}.logs`]: { driver: "gelf" } },
    at: ["task", "containers", 0, "logs"],
    is: { driver: "gelf", options: {} },
  },
  {
    name: "of autoscaling",
    changes: scaling,
    at: ["autoscaling"],
    is: {
      ...autoscaling,
      pollSeconds: 30,
      cooldownSeconds: 300,
      activation: 0,
      tolerance: 0.1,
      scaleIn: { windowSeconds: 300, percentPerMinute: 10 },
      scaleOut: { windowSeconds: 0 },
    },
  },
])("fills in the defaults $name", ({ changes, at, is }) => {
  const admission = admitManifest(aManifestWith(changes));
  let found: unknown = admission.ok ? admission.manifest.spec : admission.issues;
  for (const key of at) found = (found as Record<string | number, unknown>)[key];
  expect(found).toEqual(is);
});

/** Ranges of numbers: the bounds are admitted, one step beyond is refused with the range. `beside`: what the bounds need. */
test.for<{ path: string; least: number; most: number; beside?: Record<string, unknown> }>([
  { path: "spec.replicas", least: 0, most: 5000 },
  { path: "spec.priority", least: 0, most: 100 },
  { path: "spec.task.cpuUnits", least: 0, most: 196_608, beside: { [`${container}.cpuUnits`]: 0 } },
  { path: "spec.task.memoryMib", least: 6, most: 25_165_824, beside: { [`${container}.memoryMib`]: 6 } },
  { path: `${container}.cpuUnits`, least: 0, most: 196_608 },
  { path: `${container}.memoryMib`, least: 6, most: 25_165_824 },
  {
    path: `${container}.memoryReservationMib`,
    least: 6,
    most: 25_165_824,
    beside: { [`${container}.memoryMib`]: 25_165_824 },
  },
  { path: `${container}.ports[0].containerPort`, least: 1, most: 65_535 },
  { path: `${container}.stopTimeoutSeconds`, least: 0, most: 3600 },
  { path: `${container}.health.intervalSeconds`, least: 5, most: 300, beside: { [`${container}.health`]: check } },
  { path: `${container}.health.timeoutSeconds`, least: 2, most: 60, beside: { [`${container}.health`]: check } },
  { path: `${container}.health.retries`, least: 1, most: 10, beside: { [`${container}.health`]: check } },
  { path: `${container}.health.startPeriodSeconds`, least: 0, most: 300, beside: { [`${container}.health`]: check } },
  {
    path: "spec.placement.spread[0].maxSkew",
    least: 1,
    most: 100,
    beside: { "spec.placement.spread": [{ by: "node" }] },
  },
  { path: "spec.restart.backoffSeconds", least: 0, most: 300 },
  { path: "spec.restart.maxBackoffSeconds", least: 1, most: 3600, beside: { "spec.restart.backoffSeconds": 0 } },
  { path: "spec.restart.resetSeconds", least: 0, most: 86_400 },
  { path: "spec.traffic[0].drainSeconds", least: 0, most: 3600, beside: { "spec.traffic": [traffic] } },
  { path: "spec.traffic[0].healthGraceSeconds", least: 0, most: 7200, beside: { "spec.traffic": [traffic] } },
  {
    path: "spec.rollout.minReadySeconds",
    least: 0,
    most: 3600,
    beside: { "spec.rollout.progressDeadlineSeconds": 86_400 },
  },
  { path: "spec.rollout.progressDeadlineSeconds", least: 1, most: 86_400 },
  { path: "spec.rollout.breaker.failures", least: 1, most: 200 },
  { path: "spec.rollout.breaker.percent", least: 1, most: 100 },
  { path: "spec.autoscaling.min", least: 0, most: 5000, beside: scaling },
  { path: "spec.autoscaling.max", least: 1, most: 5000, beside: scaling },
  { path: "spec.autoscaling.metrics[0].messagesPerTask", least: 1, most: 1_000_000, beside: scaling },
  { path: "spec.autoscaling.pollSeconds", least: 5, most: 300, beside: scaling },
  { path: "spec.autoscaling.cooldownSeconds", least: 0, most: 3600, beside: scaling },
  { path: "spec.autoscaling.activation", least: 0, most: 1_000_000_000, beside: scaling },
  { path: "spec.autoscaling.scaleIn.windowSeconds", least: 0, most: 3600, beside: scaling },
  { path: "spec.autoscaling.scaleIn.percentPerMinute", least: 1, most: 100, beside: scaling },
  { path: "spec.autoscaling.scaleOut.windowSeconds", least: 0, most: 3600, beside: scaling },
  { path: "spec.autoscaling.scaleOut.percentPerMinute", least: 1, most: 100, beside: scaling },
])("$path is $least to $most", ({ path, least, most, beside = {} }) => {
  const name = path.split(".").at(-1);
  const refusal = (value: number) => [`${path}: ${name} must be ${least} to ${most}, got ${value}`];
  expect(issuesWith({ ...beside, [path]: least })).toEqual([]);
  expect(issuesWith({ ...beside, [path]: most })).toEqual([]);
  expect(issuesWith({ ...beside, [path]: least - 1 })).toEqual(refusal(least - 1));
  expect(issuesWith({ ...beside, [path]: most + 1 })).toEqual(refusal(most + 1));
  expect(issuesWith({ ...beside, [path]: least + 0.5 })).toEqual([
    `${path}: ${name} must be a whole number, ${least} to ${most}, got ${least + 0.5}`,
  ]);
  expect(issuesWith({ ...beside, [path]: `${least}` })).toEqual([
    `${path}: ${name} must be a whole number, ${least} to ${most}, got "${least}"`,
  ]);
  expect(issuesWith({ ...beside, [path]: Number.NaN })[0]).toContain("must be a finite number, got NaN");
});

/** Sizes of lists and maps: as many are admitted, one more or one fewer is refused at `path`. */
test.for<{ path: string; fits: unknown[]; refused: unknown[] }>([
  {
    path: "spec.task.containers",
    fits: [times(1, aContainer), times(10, aContainer)],
    refused: [[], times(11, aContainer), {}, null],
  },
  { path: `${container}.entryPoint`, fits: [times(100, () => "")], refused: [times(101, () => ""), "sh -c ls"] },
  { path: `${container}.command`, fits: [["a\n\tb"], times(100, () => "x")], refused: [times(101, () => "x")] },
  {
    path: `${container}.ports`,
    fits: [[], times(100, (i) => ({ name: `p${i}`, containerPort: i + 1 }))],
    refused: [times(101, (i) => ({ name: `p${i}`, containerPort: i + 1 }))],
  },
  { path: `${container}.environment`, fits: [keys(500, "")], refused: [keys(501, ""), []] },
  { path: `${container}.secrets`, fits: [keys(500, secret)], refused: [keys(501, secret), "x"] },
  {
    path: `${container}.health.command`,
    fits: [
      ["CMD", "x"],
      ["CMD-SHELL", "x"],
      ["CMD", ...times(99, () => "x")],
    ],
    refused: [["CMD"], ["CMD", ...times(100, () => "x")]],
  },
  {
    path: `${container}.logs`,
    fits: [{ driver: "syslog", options: keys(50, "") }],
    refused: ["awslogs"],
  },
  { path: "metadata.labels", fits: [keys(50, "")], refused: [keys(51, ""), null] },
  { path: "metadata.annotations", fits: [keys(50, "a\nb")], refused: [keys(51, "")] },
  {
    path: "spec.task.network",
    fits: [
      { mode: "awsvpc", subnets: ["subnet-1"] },
      { mode: "awsvpc", subnets: times(16, (i) => `subnet-${i}`), securityGroups: times(5, (i) => `sg-${i}`) },
      { mode: "host" },
    ],
    refused: [true],
  },
  {
    path: "spec.task.network.subnets",
    fits: [],
    refused: [times(17, (i) => `subnet-${i}`)],
  },
  { path: "spec.placement.capacity", fits: [[], [{ type: "ec2" }]], refused: [[{ type: "ec2" }, { type: "ec2" }]] },
  {
    path: "spec.placement.spread",
    fits: [times(5, (i) => ({ by: `a${i}` }))],
    refused: [times(6, (i) => ({ by: `a${i}` }))],
  },
  {
    path: "spec.placement.constraints",
    fits: [times(10, () => constraint), [{ ...constraint, values: times(20, (i) => `v${i}`) }]],
    refused: [times(11, () => constraint)],
  },
  { path: "spec.traffic", fits: [times(5, () => traffic)], refused: [times(6, () => traffic)] },
  {
    path: "spec.autoscaling",
    fits: [autoscaling, { ...autoscaling, metrics: times(5, (i) => ({ ...metric, queue: `${jobs}${i}` })) }],
    refused: ["queue", [], null],
  },
])("size of $path", ({ path, fits, refused }) => {
  for (const value of fits) expect(issuesWith({ "spec.traffic": [], [path]: value })).toEqual([]);
  for (const value of refused) {
    expect(pathsWith({ [`${container}.health`]: undefined, [path]: value })).toContain(path);
  }
});

function pathsWith(changes: Record<string, unknown>): string[] {
  return issuesWith(changes).map((issue) => issue.slice(0, issue.indexOf(": ")));
}

function aContainer(index: number) {
  return { name: `c${index}`, image: "i", cpuUnits: 1, memoryMib: 6 };
}

/** Texts and words: what is admitted, and what is refused at `path`. */
test.for<{ path: string; fits: unknown[]; refused: unknown[]; beside?: Record<string, unknown> }>([
  {
    path: "metadata.namespace",
    fits: ["a", "0", "a-b", "x".repeat(63)],
    refused: ["", "-a", "a-", "A", "a_b", "a.b", "x".repeat(64), 1, null, "a\n"],
  },
  { path: "metadata.name", fits: ["a", "x".repeat(63)], refused: ["", "a-", "é", "x".repeat(64)] },
  { path: "metadata.labels", fits: [{ "a.b/c_d-1": "x".repeat(256) }, { "x-team": "kept" }, { a: "" }], refused: [] },
  { path: "metadata.labels.a", fits: ["", "x".repeat(256)], refused: ["x".repeat(257), 1, "a\nb"] },
  { path: "metadata.annotations.a", fits: ["", "a\nb\tc", "x".repeat(4096)], refused: ["x".repeat(4097), 1, "a\rb"] },
  { path: "spec.task.architecture", fits: ["x86_64", "arm64"], refused: ["amd64", 1, ""] },
  {
    path: "spec.task.taskRole",
    fits: ["arn:aws:iam::123456789012:role/a", "arn:aws-cn:iam::123456789012:role/path/to/a_+=,.@-"],
    refused: [
      "a",
      "arn:aws:iam::123456789012:user/a",
      "arn:aws:iam::12345678901:role/a",
      "arn:aws:iam::123456789012:role/",
    ],
  },
  { path: "spec.task.executionRole", fits: ["arn:aws:iam::123456789012:role/a"], refused: ["role/a", 1] },
  { path: "spec.task.network.mode", fits: ["bridge", "host"], refused: ["none", "", null] },
  {
    path: "spec.task.network",
    fits: [{ mode: "awsvpc", subnets: ["subnet-0a1b"], publicIp: true }],
    refused: [],
  },
  {
    path: "spec.task.network.subnets[0]",
    fits: ["subnet-a-1"],
    refused: ["subnet", "0a1b", "subnet-", 1],
    beside: { "spec.task.network": { mode: "awsvpc" } },
  },
  {
    path: "spec.task.network.securityGroups[0]",
    fits: ["sg-1"],
    refused: ["group", "sg-", 1],
    beside: { "spec.task.network": { mode: "awsvpc", subnets: ["subnet-1"] } },
  },
  {
    path: "spec.task.network.publicIp",
    fits: [true, false],
    refused: ["true", 1, null],
    beside: { "spec.task.network": { mode: "awsvpc", subnets: ["subnet-1"] } },
  },
  {
    path: `${container}.name`,
    fits: ["app", "x".repeat(63)],
    refused: ["", "App", "x".repeat(64), 1],
  },
  {
    path: `${container}.image`,
    fits: ["a", `r.example:5000/a/b_c:1.2${digest}`, "x".repeat(255), `${"x".repeat(255)}${digest}`],
    refused: ["", "a b", "-a", "a\tb", "x".repeat(256), 1, digest, `a${digest}0`, "a@sha256:00", `a${digest}@`],
  },
  {
    path: `${container}.workingDirectory`,
    fits: ["/", `/${"x".repeat(1023)}`],
    refused: ["", "a", "/a\nb", `/${"x".repeat(1024)}`],
  },
  { path: `${container}.user`, fits: ["0", "app", "app:app", "1000:1000"], refused: ["", ":", "a b", "a:b:c", "-a"] },
  { path: `${container}.essential`, fits: [true], refused: ["yes", 0, null] },
  {
    path: `${container}.command[0]`,
    fits: ["", "a\n\tb", "é"],
    refused: [1, null, "a\rb", "\u001b[31m", "\u0085", "\u007f", "\ud800"],
  },
  { path: `${container}.ports[0].name`, fits: ["http"], refused: ["", "HTTP", 80] },
  { path: `${container}.ports[0].protocol`, fits: ["tcp", "udp"], refused: ["sctp", 6] },
  {
    path: `${container}.environment.A`,
    fits: ["", "a\n\tb", "x".repeat(4096)],
    refused: [1, true, null, "a\u0000", "\ud800", "x".repeat(4097), "é".repeat(2049)],
  },
  {
    path: `${container}.secrets.A`,
    fits: [secret, `${secret}:key::`, "arn:aws-cn:ssm:cn-north-1:123456789012:parameter/a/b"],
    refused: [
      "hunter2",
      "",
      1,
      "arn:aws:ssm:eu-west-1:123456789012:document/a",
      "arn:aws:kms:eu-west-1:123456789012:key/a",
    ],
  },
  {
    path: `${container}.health.command[0]`,
    fits: ["CMD", "CMD-SHELL"],
    refused: ["NONE", "curl", 1],
    beside: { [`${container}.health`]: { command: ["CMD", "x"] } },
  },
  { path: `${container}.logs.driver`, fits: ["gelf", "json-file"], refused: ["none", 1] },
  {
    path: `${container}.logs.options.a`,
    fits: ["", "x"],
    refused: [1, "a\nb"],
    beside: { [`${container}.logs`]: { driver: "gelf" } },
  },
  { path: "spec.placement.spread[0].by", fits: ["zone", "node", "ecs.instance-type"], refused: ["", "a b", 1] },
  {
    path: "spec.placement.spread[0].whenUnsatisfiable",
    fits: ["refuse", "prefer"],
    refused: ["ignore"],
    beside: { "spec.placement.spread": [{ by: "zone" }] },
  },
  {
    path: "spec.placement.constraints[0].attribute",
    fits: ["zone", "a/b"],
    refused: ["", "a==b"],
    beside: { "spec.placement.constraints": [constraint] },
  },
  {
    path: "spec.placement.constraints[0].operator",
    fits: ["in", "notIn"],
    refused: ["==", 1],
    beside: { "spec.placement.constraints": [constraint] },
  },
  {
    path: "spec.placement.constraints[0].values[0]",
    fits: ["a", "eu-west-1a", "a b"],
    refused: ["", " a", "a ", "a'b", 1],
    beside: { "spec.placement.constraints": [constraint] },
  },
  {
    path: "spec.traffic[0].targetGroup",
    fits: [group, group.replace("aws", "aws-us-gov")],
    refused: ["web", group.replace("targetgroup", "loadbalancer"), 1],
    beside: { "spec.traffic": [traffic] },
  },
  { path: "spec.rollout.strategy", fits: ["recreate", "rolling"], refused: ["replace", 1, "canary"] },
  ...["maxSurge", "maxUnavailable"].map((name) => ({
    path: `spec.rollout.${name}`,
    fits: [0, 5000, "0%", "9%", "25%", "99%", "100%"],
    refused: [-1, 5001, 0.5, "25", "101%", "-1%", "1.5%", "025%", "25 %", "%", "", null, true, Number.NaN],
  })),
  { path: "spec.rollout.onFailure", fits: ["rollback", "pause"], refused: ["stop", "", true] },
  {
    path: "spec.rollout.breaker",
    fits: [{ failures: 3 }, { percent: 3 }, { percent: 3, "x-why": 1 }],
    refused: [{}, { failures: 3, percent: 3 }, { "x-why": 1 }, 3, null],
  },
  { path: "spec.autoscaling.tolerance", fits: [0, 0.015, 0.1, 1], refused: [-0.1, 1.01, "0.1", null], beside: scaling },
  {
    path: "spec.autoscaling.metrics",
    fits: [[metric], times(5, (i) => ({ ...metric, queue: `${jobs}${i}` }))],
    refused: [[], times(6, (i) => ({ ...metric, queue: `${jobs}${i}` })), {}],
    beside: scaling,
  },
  {
    path: "spec.autoscaling.metrics[0].queue",
    fits: [
      jobs,
      "arn:aws-cn:sqs:cn-north-1:123456789012:a",
      "arn:aws-us-gov:sqs:us-gov-west-1:123456789012:A_b-1.fifo",
      `arn:aws:sqs:eu-west-1:123456789012:${"x".repeat(80)}`,
      `arn:aws:sqs:eu-west-1:123456789012:${"x".repeat(75)}.fifo`,
    ],
    refused: [
      "jobs",
      "https://sqs.eu-west-1.amazonaws.com/123456789012/jobs",
      "arn:aws:sns:eu-west-1:123456789012:jobs",
      "arn:aws-x:sqs:eu-west-1:123456789012:jobs",
      "arn:aws:sqs::123456789012:jobs",
      "arn:aws:sqs:eu-west-1:12345678901:jobs",
      "arn:aws:sqs:eu-west-1:123456789012:",
      "arn:aws:sqs:eu-west-1:123456789012:.fifo",
      "arn:aws:sqs:eu-west-1:123456789012:a.b",
      `arn:aws:sqs:eu-west-1:123456789012:${"x".repeat(81)}`,
      `arn:aws:sqs:eu-west-1:123456789012:${"x".repeat(76)}.fifo`,
      `${jobs}\n`,
      1,
    ],
    beside: scaling,
  },
  { path: "apiVersion", fits: ["longshore.dev/v1"], refused: ["longshore.dev/v2", "v1", 1, null] },
])("text of $path", ({ path, fits, refused, beside = {} }) => {
  for (const value of fits) expect(issuesWith({ ...beside, [path]: value })).toEqual([]);
  for (const value of refused) expect(pathsWith({ ...beside, [path]: value })).toEqual([path]);
});

test.for([
  "apiVersion",
  "kind",
  "metadata",
  "metadata.namespace",
  "metadata.name",
  "spec",
  "spec.task",
  "spec.task.containers",
  `${container}.name`,
  `${container}.image`,
  `${container}.cpuUnits`,
  `${container}.memoryMib`,
  `${container}.ports[0].name`,
  `${container}.ports[0].containerPort`,
])("%s is required", (path) => {
  const [issue, ...others] = issuesWith({ [path]: undefined });
  expect(issue).toContain(`${path}: ${path.split(".").at(-1)} is required: `);
  expect(others).toEqual([]);
});

test.for([
  { path: "spec.placement.capacity[0].type", within: {} },
  { path: "spec.placement.spread[0].by", within: {} },
  { path: "spec.placement.constraints[0].attribute", within: { operator: "exists" } },
  { path: "spec.placement.constraints[0].operator", within: { attribute: "a" } },
  { path: "spec.traffic[0].targetGroup", within: { container: "app", port: "http" } },
  { path: "spec.traffic[0].container", within: { targetGroup: group, port: "http" } },
  { path: "spec.traffic[0].port", within: { targetGroup: group, container: "app" } },
  { path: "spec.task.network.mode", within: {} },
  { path: `${container}.health.command`, within: {} },
  { path: `${container}.logs.driver`, within: {} },
  { path: "spec.autoscaling.min", within: { max: 1, metrics: [metric] } },
  { path: "spec.autoscaling.max", within: { min: 1, metrics: [metric] } },
  { path: "spec.autoscaling.metrics", within: { min: 1, max: 1 } },
])("$path is required where it may stand", ({ path, within }) => {
  const parent = path.slice(0, path.lastIndexOf("."));
  expect(issuesWith({ [parent]: within })).toEqual([expect.stringContaining(`${path}: `)]);
  expect(issuesWith({ [parent]: within })[0]).toContain(" is required: ");
});

/** The design page's whole v1, as far as it is not built. */
const whatIsPlanned = [
  "spec.dependsOn",
  "spec.discovery",
  "spec.disruption",
  "spec.autoscaling.schedules",
  "spec.task.volumes[].ebs",
  "spec.task.containers[].environmentFrom[].config",
  "spec.task.containers[].environmentFrom[].secret",
  "spec.placement.capacity[].weight",
  "spec.placement.capacity[].base",
  "spec.placement.affinity",
  "spec.placement.tolerations",
  "spec.traffic[].weight",
  "spec.traffic[].canaryTargetGroup",
  "spec.traffic[].listenerRule",
  "spec.rollout.steps",
  "spec.rollout.alarms",
  "spec.rollout.hooks",
];

test("the list of planned fields is the design's", () => {
  expect(plannedFields.toSorted()).toEqual(whatIsPlanned.toSorted());
});

test.for(whatIsPlanned)("%s is refused by name", (field) => {
  const path = field.replaceAll("[]", "[0]");
  const beside = {
    "spec.placement.capacity": [{ type: "ec2" }],
    "spec.traffic": [traffic],
    "spec.task.volumes": [{ name: "data", ephemeral: {} }],
    [`${container}.environmentFrom`]: [{ s3: "arn:aws:s3:::shop/web.env" }],
    ...scaling,
  };
  expect(issuesWith({ ...beside, [path]: {} })).toEqual([`${path}: ${path} is not built yet; remove it`]);
});

test.for([
  ...["canary", "linear", "blueGreen"].map((value) => ({
    path: "spec.rollout.strategy",
    value,
    instead: "rolling or recreate",
  })),
  ...["Daemon", "Stateful", "Job", "CronJob"].map((value) => ({
    path: "kind",
    value,
    instead: "Service",
  })),
  ...["fargate-spot", "external", "my-provider"].map((value) => ({
    path: "spec.placement.capacity[0].type",
    value,
    instead: "ec2 or fargate",
  })),
  {
    path: `${container}.logs.driver`,
    value: "awsfirelens",
    instead: "awslogs, splunk, fluentd, gelf, journald, json-file or syslog",
  },
])("$path: $value is refused by name", ({ path, value, instead }) => {
  expect(issuesWith({ [path]: value })).toEqual([`${path}: ${value} is not built yet; use ${instead}`]);
});

test.for(["cpu", "memory", "requests", "custom"])("metric %s is refused by name, whatever else it holds", (type) => {
  expect(issuesWith({ "spec.autoscaling": { ...autoscaling, metrics: [{ type, targetPercent: 60 }] } })).toEqual([
    `spec.autoscaling.metrics[0].type: ${type} is not built yet; use queue`,
  ]);
});

test.for([
  {
    name: "of a type that there is not",
    given: { type: "queues", queue: 1 },
    issue: 'type: type must be queue, got "queues"',
  },
  { name: "without a type", given: { queue: jobs, messagesPerTask: 1 }, issue: "type: type is required: queue" },
  { name: "of an empty type", given: { type: null }, issue: "type: type must be queue, got null" },
  {
    name: "without its queue",
    given: { type: "queue", messagesPerTask: 1 },
    issue: "queue: queue is required: the ARN of an SQS queue",
  },
  {
    name: "without what a task is for",
    given: { type: "queue", queue: jobs },
    issue: "messagesPerTask: messagesPerTask is required: 1 to 1000000",
  },
  {
    name: "with a field that there is not",
    given: { ...metric, zzz: 1 },
    issue: "zzz: spec.autoscaling.metrics[0].zzz is not a known field; known are type, queue, messagesPerTask",
  },
])("a metric $name is one issue", ({ given, issue }) => {
  expect(issuesWith({ "spec.autoscaling": { ...autoscaling, metrics: [given] } })).toEqual([
    `spec.autoscaling.metrics[0].${issue}`,
  ]);
});

test("a metric that is no map is one issue", () => {
  expect(issuesWith({ "spec.autoscaling": { ...autoscaling, metrics: ["queue"] } })).toEqual([
    "spec.autoscaling.metrics[0]: metrics[0] must be a map, got text of 5 characters",
  ]);
});

test.for([
  {
    path: "spec.rollout.maxSurge",
    value: "30",
    message: 'maxSurge must be a whole number, 0 to 5000, or "0%" to "100%", got "30"',
  },
  {
    path: "spec.rollout.maxUnavailable",
    value: 5001,
    message: 'maxUnavailable must be a whole number, 0 to 5000, or "0%" to "100%", got 5001',
  },
  {
    path: "spec.rollout.breaker",
    value: { failures: 3, percent: 3 },
    message: "breaker must have failures or percent, got both",
  },
  { path: "spec.rollout.breaker", value: {}, message: "breaker must have failures or percent, got neither" },
  { path: "spec.rollout.breaker", value: 3, message: "breaker must be a map, got a number" },
  { path: "spec.rollout.onFailure", value: "stop", message: 'onFailure must be rollback or pause, got "stop"' },
  { path: "spec.autoscaling.tolerance", value: 2, message: "tolerance must be a number, 0 to 1, got 2" },
])("$path says $message", ({ path, value, message }) => {
  expect(issuesWith({ ...scaling, [path]: value })).toEqual([`${path}: ${message}`]);
});

test("a breaker that is misspelt is one issue", () => {
  expect(issuesWith({ "spec.rollout.breaker": { failure: 3 } })).toEqual([
    "spec.rollout.breaker.failure: spec.rollout.breaker.failure is not a known field; did you mean failures?",
  ]);
});

test.for([{ failures: 3 }, { percent: 100 }])("a breaker is read as it stands: %o", (breaker) => {
  const admission = admitManifest(aManifestWith({ "spec.rollout.breaker": breaker }));
  expect(admission.ok && admission.manifest.spec.rollout.breaker).toStrictEqual(breaker);
});

test.for([
  { value: 0, is: 0 },
  { value: -0, is: 0 },
  { value: 7, is: 7 },
  { value: "7%", is: "7%" },
])("an amount of $value is read as $is", ({ value, is }) => {
  const admission = admitManifest(aManifestWith({ "spec.rollout.maxSurge": value }));
  expect(admission.ok && admission.manifest.spec.rollout.maxSurge).toBe(is);
});

test("replicas may stand beside autoscaling, and a tolerance of -0 is none", () => {
  const changes = { ...scaling, "spec.autoscaling.tolerance": -0, "spec.replicas": 7 };
  const admission = admitManifest(aManifestWith(changes));
  expect(admission.ok && admission.manifest.spec).toMatchObject({ replicas: 7, autoscaling: { tolerance: 0 } });
});

test.for([
  {
    name: "is one issue",
    changes: { [`${container}.image`]: undefined, [`${container}.imege`]: "shop/web:1" },
    issues: [`${container}.imege: ${container}.imege is not a known field; did you mean image?`],
  },
  {
    name: "hides no other that is missing",
    changes: { "metadata.name": undefined, "metadata.namespace": undefined, "metadata.nam": "web" },
    issues: [
      "metadata.nam: metadata.nam is not a known field; did you mean name?",
      expect.stringContaining("metadata.namespace: namespace is required: "),
    ],
  },
  {
    name: "hides nothing of the field that it looks like",
    changes: { "metadata.name": "WEB", "metadata.nam": "web" },
    issues: [
      "metadata.nam: metadata.nam is not a known field; did you mean name?",
      expect.stringContaining("metadata.name: name must be "),
    ],
  },
])("a misspelt required field $name", ({ changes, issues }) => {
  expect(issuesWith(changes)).toEqual(issues);
});

test.for([
  { path: "spec.replica", says: "did you mean replicas?" },
  { path: "spec.Replicas", says: "did you mean replicas?" },
  { path: "spec.autoscale", says: "did you mean autoscaling?" },
  { path: "spec.task.containers[0].enviroment", says: "did you mean environment?" },
  { path: "spec.zzz", says: "known are replicas, priority, task, placement, restart, traffic, rollout, autoscaling" },
  { path: "ifGeneration", says: "known are apiVersion, kind, metadata, spec" },
  { path: "status", says: "known are apiVersion, kind, metadata, spec" },
])("$path is unknown: $says", ({ path, says }) => {
  expect(issuesWith({ [path]: 1 })).toEqual([`${path}: ${path} is not a known field; ${says}`]);
});

test("a kind that is not built is all there is to say of a document", () => {
  expect(issuesWith({ kind: "Job", spec: { schedule: "daily" }, apiVersion: "v0" })).toEqual([
    'apiVersion: apiVersion must be longshore.dev/v1, got "v0"',
    "kind: Job is not built yet; use Service",
  ]);
  expect(issuesWith({ kind: "service" })).toEqual(['kind: kind must be Service, got "service"']);
  expect(pathsWith({ kind: null })).toEqual(["kind"]);
});

test("keys x-* are dropped from every map that has fields, whatever they hold", () => {
  const here = ["", "metadata.", "spec.", "spec.task.", `${container}.`, `${container}.ports[0].`, "spec.rollout."];
  const noted = aManifestWith(Object.fromEntries(here.map((path) => [`${path}x-note`, { any: [1, null, "a\nb"] }])));
  expect(admitManifest(noted)).toEqual(admitManifest(aPlainManifest()));
  expect(issuesWith({ xnote: 1 })).toHaveLength(1);
});

test("keys x-* of a map whose keys are the user's are the user's", () => {
  const admission = admitManifest(aManifestWith({ "metadata.labels": { "x-team": "a" } }));
  expect(admission).toMatchObject({ manifest: { metadata: { labels: { "x-team": "a" } } } });
});

describe("fields that have to go together", () => {
  const second = "spec.task.containers[1]";
  test.for<{ name: string; changes: Record<string, unknown>; issues: string[] }>([
    {
      name: "containers have names of their own",
      changes: { [second]: { ...aContainer(0), name: "app" } },
      issues: [`${second}.name: name must stand once in its task, but app is there again`],
    },
    {
      name: "one container is essential",
      changes: { [`${container}.essential`]: false },
      issues: ["spec.task.containers: at least one container must be essential, got none"],
    },
    {
      name: "one essential container is enough",
      changes: { [`${container}.essential`]: false, [second]: aContainer(1) },
      issues: [],
    },
    {
      name: "ports have names of their own",
      changes: { [`${container}.ports[1]`]: { name: "http", containerPort: 81 } },
      issues: [`${container}.ports[1].name: name must stand once in its container, but http is there again`],
    },
    {
      name: "ports have numbers of their own",
      changes: { [`${container}.ports[1]`]: { name: "web", containerPort: 80 } },
      issues: [`${container}.ports[1].containerPort: containerPort must stand once, but 80/tcp is there again`],
    },
    {
      name: "a number may serve two protocols",
      changes: { [`${container}.ports[1]`]: { name: "web", containerPort: 80, protocol: "udp" } },
      issues: [],
    },
    {
      name: "two containers may have ports of the same name",
      changes: { [second]: { ...aContainer(1), ports: [{ name: "http", containerPort: 81 }] } },
      issues: [],
    },
    {
      name: "a reservation fits the memory",
      changes: { [`${container}.memoryReservationMib`]: 513 },
      issues: [`${container}.memoryReservationMib: memoryReservationMib must be at most memoryMib (512), got 513`],
    },
    {
      name: "a reservation may be all of the memory",
      changes: { [`${container}.memoryReservationMib`]: 512 },
      issues: [],
    },
    {
      name: "a health command says how it is run",
      changes: { [`${container}.health`]: { command: ["curl", "-u me:pw"] } },
      issues: [`${container}.health.command[0]: command must begin with CMD or CMD-SHELL`],
    },
    {
      name: "a variable is set once",
      changes: { [`${container}.environment.A`]: "a", [`${container}.secrets.A`]: secret },
      issues: [`${container}.secrets.A: A must stand in environment or in secrets, but is in both`],
    },
    {
      name: "a variable that looks secret is none in plain text",
      changes: { [`${container}.environment`]: { DB_PASSWORD: "hunter2", "github.token": "x", LEVEL: "info" } },
      issues: ["DB_PASSWORD", "github.token"].map(
        (name) =>
          `${container}.environment${name === "DB_PASSWORD" ? ".DB_PASSWORD" : '["github.token"]'}: ${name} looks like a secret; give the ARN of one in secrets, or list ${name} in plainSecrets if it is none`,
      ),
    },
    {
      name: "unless it is listed",
      changes: { [`${container}.environment`]: { MAX_TOKENS: "5" }, [`${container}.plainSecrets`]: ["MAX_TOKENS"] },
      issues: [],
    },
    {
      name: "what is listed is a variable",
      changes: { [`${container}.environment`]: { A: "5" }, [`${container}.plainSecrets`]: ["A", "B"] },
      issues: [`${container}.plainSecrets[1]: plainSecrets must name keys of environment, got B`],
    },
    {
      name: "what is listed is not judged by an environment that could not be read",
      changes: { [`${container}.environment`]: 1, [`${container}.plainSecrets`]: ["A"] },
      issues: [`${container}.environment: environment must be a map of at most 500, got a number`],
    },
    {
      name: "and is listed once",
      changes: { [`${container}.environment`]: { A: "5" }, [`${container}.plainSecrets`]: ["A", "A"] },
      issues: [`${container}.plainSecrets[1]: "A" must stand once in its list`],
    },
    {
      name: "traffic goes to a container of the task",
      changes: { "spec.traffic": [{ ...traffic, container: "web" }] },
      issues: ["spec.traffic[0].container: web is no container; there is app"],
    },
    {
      name: "traffic goes to a port of its container",
      changes: {
        "spec.traffic": [traffic, { ...traffic, port: "web" }],
        [`${container}.ports[1]`]: { name: "admin", containerPort: 81 },
      },
      issues: ["spec.traffic[1].port: web is no port of app; there are http or admin"],
    },
    {
      name: "traffic needs a port",
      changes: { "spec.traffic": [traffic], [`${container}.ports`]: [] },
      issues: ["spec.traffic[0].port: http is no port of app; there is nothing"],
    },
    {
      name: "traffic is not judged by a container that could not be read",
      changes: { "spec.traffic": [traffic], [`${container}.name`]: "APP" },
      issues: [expect.stringContaining(`${container}.name: `)],
    },
    {
      name: "traffic is not judged by containers of which one could not be read",
      changes: { "spec.traffic": [{ ...traffic, container: "b" }], [second]: { ...aContainer(1), name: "B" } },
      issues: [expect.stringContaining(`${second}.name: `)],
    },
    {
      name: "traffic is not judged by a port that could not be read",
      changes: { "spec.traffic": [traffic], [`${container}.ports[0].name`]: "HTTP" },
      issues: [expect.stringContaining(`${container}.ports[0].name: `)],
    },
    {
      name: "the deadline outlasts readiness",
      changes: { "spec.rollout.minReadySeconds": 600 },
      issues: [
        "spec.rollout.progressDeadlineSeconds: progressDeadlineSeconds must exceed minReadySeconds (600), got 600",
      ],
    },
    {
      name: "max holds min",
      changes: { "spec.autoscaling": { ...autoscaling, min: 6, max: 5 } },
      issues: ["spec.autoscaling.max: max must be at least min (6), got 5"],
    },
    { name: "max may be min", changes: { "spec.autoscaling": { ...autoscaling, min: 5, max: 5 } }, issues: [] },
    {
      name: "max is not judged by a min that could not be read",
      changes: { "spec.autoscaling": { ...autoscaling, min: 6000, max: 5 } },
      issues: ["spec.autoscaling.min: min must be 0 to 5000, got 6000"],
    },
    {
      name: "a queue is followed once",
      changes: { "spec.autoscaling": { ...autoscaling, metrics: [metric, { ...metric, messagesPerTask: 5 }] } },
      issues: [`spec.autoscaling.metrics[1].queue: queue must stand once in metrics, but ${jobs} is there again`],
    },
    {
      name: "two queues that could not be read are not the same",
      changes: {
        "spec.autoscaling": {
          ...autoscaling,
          metrics: [
            { ...metric, queue: 1 },
            { ...metric, queue: 1 },
          ],
        },
      },
      issues: [0, 1].map((index) =>
        expect.stringContaining(
          `spec.autoscaling.metrics[${index}].queue: queue must be the ARN of an SQS queue, got 1`,
        ),
      ),
    },
    { name: "by a second at least", changes: { "spec.rollout.minReadySeconds": 599 }, issues: [] },
    {
      name: "back-off grows",
      changes: { "spec.restart.maxBackoffSeconds": 9 },
      issues: ["spec.restart.maxBackoffSeconds: maxBackoffSeconds must be at least backoffSeconds (10), got 9"],
    },
    { name: "or stays", changes: { "spec.restart.maxBackoffSeconds": 10 }, issues: [] },
    {
      name: "awsvpc needs a subnet",
      changes: { "spec.task.network.mode": "awsvpc" },
      issues: ["spec.task.network.subnets: subnets must name at least one for mode awsvpc, got none"],
    },
    {
      name: "a subnet is named once",
      changes: { "spec.task.network": { mode: "awsvpc", subnets: ["subnet-1", "subnet-1"] } },
      issues: ['spec.task.network.subnets[1]: "subnet-1" must stand once in its list'],
    },
    {
      name: "a security group is named once",
      changes: { "spec.task.network": { mode: "awsvpc", subnets: ["subnet-1"], securityGroups: ["sg-1", "sg-1"] } },
      issues: ['spec.task.network.securityGroups[1]: "sg-1" must stand once in its list'],
    },
    {
      name: "a value of a constraint is named once",
      changes: { "spec.placement.constraints": [{ ...constraint, values: ["a", "a"] }] },
      issues: ['spec.placement.constraints[0].values[1]: "a" must stand once in its list'],
    },
    {
      name: "containers are one at least",
      changes: { "spec.task.containers": [] },
      issues: ["spec.task.containers: containers must be a list of 1 to 10, got 0"],
    },
    {
      name: "entries of traffic are five at most",
      changes: { "spec.traffic": times(6, () => traffic) },
      issues: ["spec.traffic: traffic must be a list of at most 5, got 6"],
    },
    {
      name: "only awsvpc has subnets, groups and addresses",
      changes: {
        "spec.task.network": { mode: "host", subnets: ["subnet-1"], securityGroups: ["sg-1"], publicIp: true },
      },
      issues: ["subnets", "securityGroups", "publicIp"].map(
        (name) => `spec.task.network.${name}: ${name} needs mode awsvpc, got host`,
      ),
    },
    ...["bridge", "host"].map((mode) => ({
      name: `fargate has no mode ${mode}`,
      changes: { "spec.placement.capacity": fargate, "spec.task.network.mode": mode },
      issues: [`spec.task.network.mode: mode must be awsvpc on fargate, got ${mode}`],
    })),
    {
      name: "a placement that could not be read is not fargate",
      changes: { "spec.placement": 1, "spec.task.network.mode": "host" },
      issues: ["spec.placement: placement must be a map, got a number"],
    },
    {
      name: "fargate has its own log drivers",
      changes: { "spec.placement.capacity": fargate, [`${container}.logs.driver`]: "syslog" },
      issues: [`${container}.logs.driver: driver must be awslogs or splunk on fargate, got syslog`],
    },
    {
      name: "in needs values",
      changes: { "spec.placement.constraints": [{ attribute: "a", operator: "in" }] },
      issues: ["spec.placement.constraints[0].values: in needs at least one value, got 0"],
    },
    {
      name: "notIn needs values",
      changes: { "spec.placement.constraints": [{ attribute: "a", operator: "notIn" }] },
      issues: ["spec.placement.constraints[0].values: notIn needs at least one value, got 0"],
    },
    ...["exists", "notExists"].map((operator) => ({
      name: `${operator} has no values`,
      changes: { "spec.placement.constraints": [{ attribute: "a", operator, values: ["b"] }] },
      issues: [`spec.placement.constraints[0].values: ${operator} needs no values, got 1`],
    })),
  ])("$name", ({ changes, issues }) => expect(issuesWith(changes)).toEqual(issues));
});

test("tells every issue at once, in the order in which the fields stand", () => {
  expect(
    pathsWith({
      "metadata.name": "A",
      "spec.replicas": -1,
      [`${container}.image`]: "",
      "spec.traffic": [{ ...traffic, port: "x" }],
      "spec.zzz": 1,
    }),
  ).toEqual(["metadata.name", "spec.zzz", "spec.replicas", `${container}.image`, "spec.traffic[0].port"]);
});

test("tells at most 100 issues, and how many more there are", () => {
  const told = (count: number) => {
    const admission = admitManifest(aManifestWith({ [`${container}.environment`]: keys(count, 1) }));
    return admission.ok ? [] : admission.issues;
  };
  expect(told(100)).toHaveLength(100);
  expect(told(100).at(-1)?.path).toBe(`${container}.environment.k99`);
  expect(told(101)).toHaveLength(100);
  expect(told(101).at(-2)?.path).toBe(`${container}.environment.k98`);
  expect(told(101).at(-1)).toEqual({ code: "more", path: "", message: "and 2 more issues; correct these first" });
});

test.for([
  { name: "a variable", changes: { [`${container}.environment.A`]: 31_337 } },
  {
    name: "a variable's value that is too long",
    changes: { [`${container}.environment.A`]: `31337${"x".repeat(5000)}` },
  },
  { name: "a secret", changes: { [`${container}.secrets.A`]: "31337" } },
  { name: "an environment that is no map", changes: { [`${container}.environment`]: "A=31337" } },
  { name: "a command that is no list", changes: { [`${container}.command`]: "login 31337" } },
  { name: "a container that is no map", changes: { [container]: "31337" } },
  {
    name: "a log option",
    changes: { [`${container}.logs`]: { driver: "splunk", options: { "splunk-token": 31_337, "splunk-url": "x" } } },
  },
])("never quotes $name", ({ changes }) => {
  const issues = issuesWith(changes);
  expect(issues).toHaveLength(1);
  expect(issues[0]).not.toContain("31337");
});

test("quotes what is harmless shortened and escaped", () => {
  expect(issuesWith({ "metadata.name": `\u202e"${"x".repeat(80)}` })).toEqual([
    `metadata.name: name must be 1 to 63 of a-z, 0-9 and -, with a letter or digit at both ends, got "\\u202e\\"${"x".repeat(58)}…"`,
  ]);
  expect(pathsWith({ "metadata.labels": { "a b\u001b": "" } })).toEqual(['metadata.labels["a b\\u001b"]']);
});

test("quotes 60 characters whole", () => {
  expect(issuesWith({ apiVersion: "x".repeat(60) })[0]).toContain(`got "${"x".repeat(60)}"`);
});

test("what is admitted has nothing of the input, and user's maps have no prototype", () => {
  const input = aManifestWith({ [`${container}.environment`]: { A: "a" } });
  const before = structuredClone(input);
  const admission = admitManifest(input);
  expect(input).toEqual(before);
  const environment = admission.ok ? admission.manifest.spec.task.containers[0]?.environment : undefined;
  expect(environment).toEqual({ A: "a" });
  expect(Object.getPrototypeOf(environment)).toBeNull();
});

test.for([undefined, null, 1, "x", true, [], [aPlainManifest()], new Date(0), () => 1, 1n, Symbol("x"), new Map()])(
  "refuses what is no manifest (%#)",
  (document) => {
    const admission = admitManifest(document);
    expect(admission.ok ? [] : admission.issues).toHaveLength(1);
  },
);

const anyManifest = fc
  .record(
    {
      replicas: fc.integer({ min: -1, max: 5001 }),
      cpuUnits: fc.integer({ min: 0, max: 20_000 }),
      memoryMib: fc.integer({ min: 6, max: 130_000 }),
      capacity: fc.constantFrom([], [{ type: "ec2" }], fargate),
      environment: fc.dictionary(fc.constantFrom("A", "B_2", "x-c", "TOKEN"), fc.string()),
      plainSecrets: fc.subarray(["A", "TOKEN"]),
      health: fc.option(fc.constant(check), { nil: undefined }),
      traffic: fc.subarray([traffic, { ...traffic, drainSeconds: -0 }]),
    },
    { requiredKeys: ["capacity"] },
  )
  .map(({ replicas, capacity, traffic: targets, ...parts }) => {
    const given = Object.entries(parts).filter(([, value]) => value !== undefined);
    return aManifestWith({
      ...(replicas !== undefined && { "spec.replicas": replicas }),
      ...(targets !== undefined && { "spec.traffic": targets }),
      "spec.placement.capacity": capacity,
      ...Object.fromEntries(given.map(([name, value]) => [`${container}.${name}`, value])),
    });
  });

test("property: what was admitted is admitted again unchanged, and a refusal has a reason", () => {
  let admitted = 0;
  fc.assert(
    fc.property(anyManifest, (document) => {
      const first = admitManifest(document);
      if (!first.ok) {
        expect(first.issues.length).toBeGreaterThan(0);
        return;
      }
      admitted++;
      const second = admitManifest(first.manifest);
      expect(second).toEqual(first);
      expect(JSON.stringify(second)).toBe(JSON.stringify(first));
    }),
    { numRuns: 500 },
  );
  expect(admitted).toBeGreaterThan(20);
});

test("property: no document makes it throw", () => {
  fc.assert(
    fc.property(
      fc.anything({ withNullPrototype: true, withSparseArray: true, withDate: true, withMap: true }),
      (value) => {
        for (const path of ["spec", "spec.task", "metadata", container, "spec.traffic"]) {
          const admission = admitManifest(aManifestWith({ [path]: value }));
          expect(admission.ok || admission.issues.length > 0).toBe(true);
        }
      },
    ),
    { numRuns: 300 },
  );
});

test("describes each field once, with its range and default", () => {
  expect(manifestFields).toContainEqual({
    path: "spec.task.containers[].stopTimeoutSeconds",
    meaning: "time between SIGTERM and SIGKILL; on fargate at most 120",
    allowed: "0 to 3600",
    absent: { default: 30 },
  });
  expect(manifestFields.find(({ path }) => path === "kind")?.absent).toBe("required");
  expect(manifestFields.find(({ path }) => path === "spec.task.taskRole")?.absent).toBe("optional");
  const paths = manifestFields.map(({ path }) => path);
  expect(new Set(paths).size).toBe(paths.length);
  expect(paths.length).toBeGreaterThan(70);
});
