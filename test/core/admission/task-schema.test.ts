import { expect, test } from "vitest";
import { issuesWith, pathsWith, taskWith } from "../../support/issues.ts";

const container = "spec.task.containers[0]";
const fargate = { "spec.placement.capacity": [{ type: "fargate" }] };
const role = "arn:aws:iam::123456789012:role/task";
const times = <T>(count: number, item: (index: number) => T): T[] => Array.from({ length: count }, (_, i) => item(i));
const efs = { fileSystem: "fs-01234567" };
const data = { name: "data", ephemeral: {} };
const awaited = { name: "init", image: "i", cpuUnits: 1, memoryMib: 6, essential: false };
const dependency = { container: "init", condition: "start" };
const file = { s3: "arn:aws:s3:::shop/web.env" };
const mount = { volume: "data", path: "/data" };

test("what is not given of a task stays absent, so that no revision is named anew", () => {
  const task = taskWith({});
  const optional = ["exec", "ephemeralStorageGib", "volumes"];
  const parts = ["registryCredentials", "gpu", "dependsOn", "environmentFrom", "mounts"];
  for (const name of optional) expect(task).not.toHaveProperty(name);
  for (const name of parts) expect(task.containers[0]).not.toHaveProperty(name);
  expect(task.containers[0]?.ports[0]).not.toHaveProperty("hostPort");
});

test.for([
  {
    name: "an EFS volume",
    changes: { "spec.task.volumes": [{ name: "data", efs }] },
    is: { volumes: [{ name: "data", efs: { ...efs, iam: false, transitEncryption: true } }] },
  },
  {
    name: "all of an EFS volume",
    changes: {
      "spec.task.taskRole": role,
      "spec.task.volumes": [
        { name: "data", efs: { ...efs, path: "/", accessPoint: "fsap-89abcdef", iam: true, transitEncryption: true } },
      ],
    },
    is: {
      volumes: [
        { name: "data", efs: { ...efs, path: "/", accessPoint: "fsap-89abcdef", iam: true, transitEncryption: true } },
      ],
    },
  },
  {
    name: "a host volume and an ephemeral one",
    changes: { "spec.task.volumes": [{ name: "logs", host: { path: "/var/log" } }, data] },
    is: { volumes: [{ name: "logs", host: { path: "/var/log" } }, data] },
  },
  {
    name: "a mount",
    changes: { "spec.task.volumes": [data], [`${container}.mounts`]: [mount] },
    is: { containers: [expect.objectContaining({ mounts: [{ ...mount, readOnly: false }] })] },
  },
  {
    name: "exec and storage",
    changes: { ...fargate, "spec.task.taskRole": role, "spec.task.exec": true, "spec.task.ephemeralStorageGib": 50 },
    is: { exec: true, ephemeralStorageGib: 50 },
  },
  {
    name: "log options that are secrets",
    changes: {
      [`${container}.logs`]: {
        driver: "splunk",
        options: { "splunk-url": "https://splunk" },
        secretOptions: { "splunk-token": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:splunk" },
      },
    },
    is: {
      containers: [
        expect.objectContaining({
          logs: {
            driver: "splunk",
            options: { "splunk-url": "https://splunk" },
            secretOptions: { "splunk-token": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:splunk" },
          },
        }),
      ],
    },
  },
])("reads $name", ({ changes, is }) => {
  expect(taskWith(changes)).toMatchObject(is);
});

test.for<{ path: string; least: number; most: number; beside?: Record<string, unknown> }>([
  { path: "spec.task.ephemeralStorageGib", least: 21, most: 200, beside: fargate },
  { path: `${container}.gpu`, least: 1, most: 16 },
  {
    path: `${container}.ports[0].hostPort`,
    least: 1,
    most: 65_535,
    beside: { "spec.task.network": { mode: "bridge" } },
  },
])("$path is $least to $most", ({ path, least, most, beside = {} }) => {
  const name = path.split(".").at(-1);
  for (const fits of [least, most]) expect(issuesWith({ ...beside, [path]: fits })).toEqual([]);
  for (const refused of [least - 1, most + 1]) {
    expect(issuesWith({ ...beside, [path]: refused })).toEqual([
      `${path}: ${name} must be ${least} to ${most}, got ${refused}`,
    ]);
  }
});

test.for<{ path: string; fits: unknown[]; refused: unknown[]; beside?: Record<string, unknown> }>([
  { path: "spec.task.exec", fits: [true, false], refused: ["true", 1, null], beside: { "spec.task.taskRole": role } },
  {
    path: "spec.task.volumes",
    fits: [[], times(20, (index) => ({ name: `v${index}`, ephemeral: {} }))],
    refused: [times(21, (index) => ({ name: `v${index}`, ephemeral: {} })), {}, "data"],
  },
  { path: "spec.task.volumes[0].name", fits: ["a", "data-1"], refused: ["", "Data", 1], beside: volumes({ efs }) },
  {
    path: "spec.task.volumes[0].efs.fileSystem",
    fits: ["fs-01234567", `fs-${"a".repeat(40)}`],
    refused: ["fs-0123456", `fs-${"a".repeat(41)}`, "fs-0123456G", "01234567", 1],
    beside: volumes({ efs }),
  },
  {
    path: "spec.task.volumes[0].efs.accessPoint",
    fits: ["fsap-01234567", `fsap-${"a".repeat(40)}`],
    refused: ["fsap-0123456", `fsap-${"a".repeat(41)}`, "fs-01234567", 1],
    beside: volumes({ efs }),
  },
  { path: "spec.task.volumes[0].efs.path", fits: ["/", "/a/b"], refused: ["", "a", 1], beside: volumes({ efs }) },
  {
    path: "spec.task.volumes[0].efs.transitEncryption",
    fits: [true, false],
    refused: ["on", 0],
    beside: volumes({ efs }),
  },
  { path: "spec.task.volumes[0].efs.iam", fits: [false], refused: ["on", 0], beside: volumes({ efs }) },
  {
    path: "spec.task.volumes[0].host.path",
    fits: ["/a", "/a/b/", `/${"x".repeat(1023)}`],
    refused: ["", "/", "//", "a", "/a:b", "/:", `/${"x".repeat(1024)}`, 1],
    beside: volumes({ host: { path: "/a" } }),
  },
  { path: "spec.task.volumes[0].ephemeral", fits: [{}], refused: [true, null, []], beside: volumes({ ephemeral: {} }) },
  {
    path: `${container}.registryCredentials`,
    fits: [
      "arn:aws:secretsmanager:eu-west-1:123456789012:secret:registry-AbCdEf",
      `arn:aws-cn:secretsmanager:cn-north-1:123456789012:secret:${"x".repeat(519)}`,
    ],
    refused: [
      "user:password",
      "arn:aws:secretsmanager:eu-west-1:123456789012:secret:registry:key::",
      "arn:aws:ssm:eu-west-1:123456789012:parameter/registry",
      "arn:aws:secretsmanager:eu-west-1:12345678901:secret:registry",
      `arn:aws:secretsmanager:eu-west-1:123456789012:secret:${"x".repeat(520)}`,
      "arn:aws:secretsmanager:eu-west-1:123456789012:secret:",
      1,
    ],
  },
  {
    path: `${container}.dependsOn`,
    fits: [[], [dependency]],
    refused: [times(11, () => dependency), "init", {}],
    beside: { "spec.task.containers[1]": awaited },
  },
  {
    path: `${container}.dependsOn[0].condition`,
    fits: ["start", "complete", "success"],
    refused: ["START", "running", 1],
    beside: { "spec.task.containers[1]": awaited, [`${container}.dependsOn`]: [dependency] },
  },
  {
    path: `${container}.dependsOn[0].container`,
    fits: ["init"],
    refused: ["", "Init", 1],
    beside: { "spec.task.containers[1]": awaited, [`${container}.dependsOn`]: [dependency] },
  },
  { path: `${container}.environmentFrom`, fits: [[], times(10, () => file)], refused: [times(11, () => file), {}] },
  {
    path: `${container}.environmentFrom[0].s3`,
    fits: [
      "arn:aws:s3:::shop/.env",
      "arn:aws-us-gov:s3:::shop.example-1/a b/web.env",
      `arn:aws:s3:::${"b".repeat(63)}/${"x".repeat(1020)}.env`,
    ],
    refused: [
      "s3://shop/web.env",
      "arn:aws:s3:::shop/web.txt",
      "arn:aws:s3:::shop/webXenv",
      "arn:aws:s3:::shop.env",
      "arn:aws:s3:::ab/web.env",
      "arn:aws:s3:::Shop/web.env",
      `arn:aws:s3:::${"b".repeat(64)}/web.env`,
      `arn:aws:s3:::shop/${"x".repeat(1021)}.env`,
      "A=hunter2",
      1,
    ],
    beside: { [`${container}.environmentFrom`]: [file] },
  },
  {
    path: `${container}.mounts`,
    fits: [[], times(20, (index) => ({ volume: "data", path: `/d${index}` }))],
    refused: [times(21, (index) => ({ volume: "data", path: `/d${index}` })), {}],
    beside: volumes({ ephemeral: {} }),
  },
  {
    path: `${container}.mounts[0].path`,
    fits: ["/a", "/a/b"],
    refused: ["/", "a", "/a:ro", "", 1],
    beside: { ...volumes({ ephemeral: {} }), [`${container}.mounts`]: [mount] },
  },
  {
    path: `${container}.mounts[0].readOnly`,
    fits: [true, false],
    refused: ["yes", 1],
    beside: { ...volumes({ ephemeral: {} }), [`${container}.mounts`]: [mount] },
  },
  {
    path: `${container}.logs.secretOptions.splunk-token`,
    fits: ["arn:aws:ssm:eu-west-1:123456789012:parameter/splunk"],
    refused: ["hunter2", 1, null],
    beside: { [`${container}.logs`]: { driver: "splunk", options: { "splunk-url": "https://splunk" } } },
  },
])("$path", ({ path, fits, refused, beside = {} }) => {
  for (const value of fits) expect(issuesWith({ ...beside, [path]: value })).toEqual([]);
  for (const value of refused) expect(pathsWith({ ...beside, [path]: value })).toEqual([path]);
});

test.for([
  { path: "spec.task.volumes[0].name", beside: { "spec.task.volumes": [{ efs }] } },
  { path: "spec.task.volumes[0].efs.fileSystem", beside: volumes({ efs: {} }) },
  { path: "spec.task.volumes[0].host.path", beside: volumes({ host: {} }) },
  {
    path: `${container}.dependsOn[0].container`,
    beside: { [`${container}.dependsOn`]: [{ condition: "start" }] },
  },
  {
    path: `${container}.dependsOn[0].condition`,
    beside: { "spec.task.containers[1]": awaited, [`${container}.dependsOn`]: [{ container: "init" }] },
  },
  { path: `${container}.environmentFrom[0].s3`, beside: { [`${container}.environmentFrom`]: [{}] } },
  {
    path: `${container}.mounts[0].volume`,
    beside: { ...volumes({ ephemeral: {} }), [`${container}.mounts`]: [{ path: "/data" }] },
  },
  {
    path: `${container}.mounts[0].path`,
    beside: { ...volumes({ ephemeral: {} }), [`${container}.mounts`]: [{ volume: "data" }] },
  },
])("$path is required where it may stand", ({ path, beside }) => {
  expect(issuesWith(beside)).toEqual([expect.stringContaining(`${path}: ${path.split(".").at(-1)} is required: `)]);
});

test.for([
  { name: "none", given: {}, got: "none" },
  { name: "two", given: { efs, ephemeral: {} }, got: "efs and ephemeral" },
  { name: "all", given: { ephemeral: {}, host: { path: "/a" }, efs }, got: "efs and host and ephemeral" },
])("a volume of $name of its kinds is refused", ({ given, got }) => {
  expect(issuesWith(volumes(given))).toEqual([
    `spec.task.volumes[0]: a volume must have efs, host or ephemeral, got ${got}`,
  ]);
});

test("a volume on EBS is refused by name, whatever else is said of it", () => {
  const issue = "spec.task.volumes[0].ebs: spec.task.volumes[0].ebs is not built yet; remove it";
  expect(issuesWith(volumes({ ebs: { sizeGib: 10 } }))).toEqual([issue]);
});

test("a volume that is no map is one issue", () => {
  expect(issuesWith({ "spec.task.volumes": ["data"] })).toEqual([
    "spec.task.volumes[0]: volumes[0] must be a map, got text of 4 characters",
  ]);
});

test.for([
  { name: "credentials", changes: { [`${container}.registryCredentials`]: "user:31337" } },
  { name: "a file of variables", changes: { [`${container}.environmentFrom`]: [{ s3: "PASSWORD=31337" }] } },
  {
    name: "a secret log option",
    changes: {
      [`${container}.logs`]: {
        driver: "splunk",
        options: { "splunk-url": "x" },
        secretOptions: { "splunk-token": "31337" },
      },
    },
  },
])("never quotes $name", ({ changes }) => {
  const issues = issuesWith(changes);
  expect(issues).toHaveLength(1);
  expect(issues[0]).not.toContain("31337");
});

/** The task with one volume. */
function volumes(given: object): Record<string, unknown> {
  return { "spec.task.volumes": [{ name: "data", ...given }] };
}
