import { RegisterTaskDefinitionRequest$ } from "@aws-sdk/client-ecs";
import { describe, expect, test } from "vitest";
import { registerInput } from "../../aws/task-definition.ts";
import { parseYaml } from "../../cli/parse-yaml.ts";
import { admitManifest, manifestFields } from "../../core/admission/index.ts";
import { taskWith } from "../support/issues.ts";
import { given, withheld } from "./task-definition-members.ts";

const structure = 3;
const list = 1;

const example = `apiVersion: longshore.dev/v1
kind: Service
metadata: { namespace: shop, name: web }
spec:
  placement: { capacity: [{ type: fargate }] }
  traffic: [{ targetGroup: "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web/0123456789abcdef", container: proxy, port: http }]
  task:
    taskRole: arn:aws:iam::123456789012:role/web
    exec: true
    ephemeralStorageGib: 40
    volumes:
      - { name: uploads, efs: { fileSystem: fs-0123456789abcdef0, accessPoint: fsap-0123456789abcdef0, iam: true } }
      - { name: socket, ephemeral: {} }
    containers:
      - name: migrate
        image: registry.example.com/shop/web:1.4.2
        registryCredentials: arn:aws:secretsmanager:eu-west-1:123456789012:secret:registry-AbCdEf
        command: [migrate, --to, latest]
        essential: false
        cpuUnits: 128
        memoryMib: 256
        secrets: { DATABASE_URL: "arn:aws:ssm:eu-west-1:123456789012:parameter/shop/database" }
      - name: app
        image: registry.example.com/shop/web:1.4.2
        registryCredentials: arn:aws:secretsmanager:eu-west-1:123456789012:secret:registry-AbCdEf
        dependsOn: [{ container: migrate, condition: success }]
        cpuUnits: 256
        memoryMib: 512
        environmentFrom: [{ s3: "arn:aws:s3:::shop-settings/web.env" }]
        secrets: { DATABASE_URL: "arn:aws:ssm:eu-west-1:123456789012:parameter/shop/database" }
        mounts: [{ volume: uploads, path: /srv/uploads }, { volume: socket, path: /run/app }]
        health: { command: [CMD-SHELL, "test -S /run/app/web.sock"], intervalSeconds: 10 }
      - name: proxy
        image: nginx:1.29
        dependsOn: [{ container: app, condition: healthy }]
        cpuUnits: 128
        memoryMib: 128
        ports: [{ name: http, containerPort: 8080 }]
        mounts: [{ volume: socket, path: /run/app, readOnly: true }]`;

/** Every member of the SDK's type, each before what lies below it. */
function membersOf(type: unknown, path: string): readonly string[] {
  const schema: unknown = typeof type === "function" ? type() : type;
  if (!Array.isArray(schema)) return [];
  // A schema with traits of its own stands in front of their number.
  if (typeof schema[0] !== "number") return membersOf(schema[0], path);
  if (schema[0] === list) return membersOf(schema[4], `${path}[]`);
  if (schema[0] !== structure) return [];
  const [names, types] = [schema[4] as readonly string[], schema[5] as readonly unknown[]];
  return names.flatMap((name, index) => {
    const here = path === "" ? name : `${path}.${name}`;
    return [here, ...membersOf(types[index], here)];
  });
}

const members = membersOf(RegisterTaskDefinitionRequest$, "");
const isBelow = (path: string, above: string) => path.startsWith(`${above}.`) || path.startsWith(`${above}[]`);
/** Maps have keys of the user's own. */
const leaves = members.filter((path) => !members.some((other) => isBelow(other, path)));
const isTold = (path: string) => given[path] !== undefined || path === "tags[].key" || path === "tags[].value";
const isWithheld = (path: string) => Object.keys(withheld).some((above) => path === above || isBelow(path, above));

const execution = "arn:aws:iam::123456789012:role/execution";
const secret = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:s";
const container = "spec.task.containers[0]";

/** Two tasks that say together all that a manifest can. */
const tasks = [
  taskWith({
    "spec.placement.capacity": [{ type: "fargate" }],
    "spec.task.taskRole": execution,
    "spec.task.executionRole": execution,
    "spec.task.ephemeralStorageGib": 30,
  }),
  taskWith({
    "spec.task.taskRole": execution,
    "spec.task.volumes": [
      { name: "data", efs: { fileSystem: "fs-01234567", path: "/", accessPoint: "fsap-01234567", iam: true } },
      { name: "logs", host: { path: "/var/log" } },
      { name: "scratch", ephemeral: {} },
    ],
    [`${container}.registryCredentials`]: secret,
    [`${container}.entryPoint`]: ["/bin/sh"],
    [`${container}.command`]: ["-c"],
    [`${container}.workingDirectory`]: "/srv",
    [`${container}.user`]: "app",
    [`${container}.memoryReservationMib`]: 64,
    [`${container}.gpu`]: 1,
    [`${container}.dependsOn`]: [{ container: "init", condition: "success" }],
    [`${container}.environment`]: { A: "a" },
    [`${container}.environmentFrom`]: [{ s3: "arn:aws:s3:::shop/web.env" }],
    [`${container}.secrets`]: { B: secret },
    [`${container}.mounts`]: [{ volume: "data", path: "/data" }],
    [`${container}.health`]: { command: ["CMD", "true"] },
    [`${container}.logs`]: {
      driver: "splunk",
      options: { "splunk-url": "https://splunk" },
      secretOptions: { "splunk-token": secret },
    },
    "spec.task.containers[1]": { name: "init", image: "i", cpuUnits: 1, memoryMib: 6, essential: false },
  }),
];

/** Every member that a request has. */
function pathsIn(value: unknown, path: string): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((item) => pathsIn(item, `${path}[]`));
  if (typeof value !== "object" || value === null || path.endsWith(".options")) return [path];
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return entries.flatMap(([name, inner]) => pathsIn(inner, path === "" ? name : `${path}.${name}`));
}

describe("docs/task-definition.md", () => {
  test("tells of every member of the SDK's type, and of no other", () => {
    expect(leaves.length).toBeGreaterThan(100);
    expect(leaves.filter((path) => isTold(path) === isWithheld(path))).toEqual([]);
    for (const path of [...Object.keys(given), ...Object.keys(withheld)]) expect(members).toContain(path);
  });

  test("says of what is given what is sent", () => {
    const sent = tasks.flatMap((task, index) => {
      const network = { mode: "awsvpc", subnets: [], securityGroups: [], publicIp: false } as const;
      const capacity = index === 0 ? "fargate" : "ec2";
      return pathsIn(registerInput({ family: "f", task, network, capacity, tags: { a: "b" } }), "");
    });
    const told = leaves.filter(isTold);
    expect([...new Set(sent.map((path) => path.replace(/\[\]$/, "")))].toSorted()).toEqual(told.toSorted());
  });

  test("names fields that there are, and every field of a task", () => {
    const fields = manifestFields.map(({ path }) => path);
    const named = Object.values(given).flatMap((text) =>
      [...text.matchAll(/`([^`]+)`/g)].map(([, field = ""]) => field),
    );
    const paths = named.map((field) => (field.startsWith("spec.") ? field : `spec.task.${field}`));
    for (const path of paths.filter((path) => path !== "spec.task.ephemeral")) expect(fields).toContain(path);
    const isNamed = (path: string) => paths.some((other) => other === path || isBelow(other, path));
    expect(fields.filter((path) => path.startsWith("spec.task.") && !isNamed(path))).toEqual([
      "spec.task.exec",
      "spec.task.network.subnets",
      "spec.task.network.securityGroups",
      "spec.task.network.publicIp",
      "spec.task.volumes[].ephemeral",
      "spec.task.containers[].ports[].name",
      "spec.task.containers[].plainSecrets",
    ]);
  });

  test("shows a task that is admitted", () => {
    const [document] = parseYaml(example);
    expect(admitManifest(document?.content)).toMatchObject({ ok: true });
  });

  test("is made from these tables", async () => {
    const rows = (table: Readonly<Record<string, string>>) =>
      Object.entries(table).map(([member, text]) => `| \`${member}\` | ${text} |`);
    const text = [
      "# Task definitions",
      "",
      "Longshore registers one task definition for each revision of a service. What it sends, member by member of ECS's",
      "RegisterTaskDefinition, and from which field; those without another beginning stand below `spec.task`, and",
      "[manifest.md](manifest.md) has their ranges. What ECS would refuse is refused when the manifest comes in, with all",
      "that is wrong at once; what only the install knows, such as a default network or role, ECS may still refuse, and the",
      "service's condition then says why.",
      "",
      "| RegisterTaskDefinition | From |",
      "|---|---|",
      ...rows(given),
      "",
      "`exec`, `network.subnets`, `network.securityGroups` and `network.publicIp` are said by each call that starts tasks",
      "(RunTask). `ports[].name` is what `traffic` calls a port; `plainSecrets` is read by admission alone.",
      "",
      "A service whose task migrates the database, then serves behind a proxy:",
      "",
      "```yaml",
      example,
      "```",
      "",
      "A container that waits for what can no longer come to pass, such as the success of one that failed, ends, and with it",
      "the task if it is essential: the rollout counts that as a failed task. Containers stop in the reverse order.",
      "",
      "## Not offered",
      "",
      "| RegisterTaskDefinition | Why not |",
      "|---|---|",
      ...rows(withheld),
      "",
    ].join("\n");
    await expect(text).toMatchFileSnapshot("../../docs/task-definition.md");
  });
});
