import { describe, expect, test } from "vitest";
import { revisionContent, revisionText } from "../../../core/model/revision.ts";
import type { ServiceManifest } from "../../../core/model/service.ts";
import type { Settings } from "../../../core/model/settings.ts";
import { aSettings, aSpec } from "../../support/service.ts";

const install = { mode: "awsvpc", subnets: ["subnet-a"], securityGroups: ["sg-a"], publicIp: false } as const;

function settingsWith(defaults: Partial<Settings["defaults"]> = {}): Settings {
  return aSettings({ defaults: { capacity: "ec2", network: install, subnetZones: {}, ...defaults } });
}

/** The content of the usual spec with changes to its task and placement. */
function contentOf(
  change: Partial<ServiceManifest["spec"]["task"]> & { readonly capacity?: "ec2" | "fargate" },
  settings = settingsWith(),
  restarts = 0,
) {
  const spec = aSpec({}, { restarts });
  const { capacity, ...task } = change;
  const placement = { capacity: capacity ? [{ type: capacity }] : [], spread: [], constraints: [] };
  const wished = { ...spec.manifest.spec, task: { ...spec.manifest.spec.task, ...task }, placement };
  return revisionContent({ ...spec, manifest: { ...spec.manifest, spec: wished } }, settings);
}

describe("what a revision runs", () => {
  test.for([
    { name: "the install's capacity", given: {}, defaults: {}, capacity: "ec2" },
    { name: "another default", given: {}, defaults: { capacity: "fargate" as const }, capacity: "fargate" },
    { name: "the spec's own", given: { capacity: "fargate" as const }, defaults: {}, capacity: "fargate" },
  ])("capacity: $name", ({ given, defaults, capacity }) => {
    expect(contentOf(given, settingsWith(defaults)).capacity).toBe(capacity);
  });

  test.for([
    { name: "on EC2 as asked", given: { cpuUnits: 300, memoryMib: 600 }, size: [300, 600] },
    {
      name: "on Fargate rounded up",
      given: { cpuUnits: 300, memoryMib: 600, capacity: "fargate" as const },
      size: [512, 1024],
    },
    {
      name: "beyond every Fargate size as asked",
      given: { cpuUnits: 99_999, memoryMib: 1, capacity: "fargate" as const },
      size: [99_999, 1],
    },
  ])("size: $name", ({ given, size }) => {
    const { task } = contentOf(given);
    expect([task.cpuUnits, task.memoryMib]).toEqual(size);
  });

  const own = { mode: "bridge", subnets: ["subnet-x"], securityGroups: ["sg-x"], publicIp: true } as const;
  test.for([
    { name: "none given", given: {}, network: install },
    { name: "one given", given: { network: own }, network: own },
    {
      name: "one without subnets",
      given: { network: { ...own, subnets: [] } },
      network: { ...own, subnets: ["subnet-a"] },
    },
    {
      name: "one without groups",
      given: { network: { ...own, securityGroups: [] } },
      network: { ...own, securityGroups: ["sg-a"] },
    },
  ])("network: $name", ({ given, network }) => {
    expect(contentOf(given).network).toEqual(network);
  });

  test.for([
    { name: "nobody's", given: {}, defaults: {}, role: undefined },
    { name: "the install's", given: {}, defaults: { executionRole: "arn:default" }, role: "arn:default" },
    {
      name: "its own",
      given: { executionRole: "arn:own" },
      defaults: { executionRole: "arn:default" },
      role: "arn:own",
    },
  ])("execution role: $name", ({ given, defaults, role }) => {
    const { task } = contentOf(given, settingsWith(defaults));
    expect(task.executionRole).toBe(role);
    expect("executionRole" in task).toBe(role !== undefined);
  });

  test("logs go to the install's group, unless a container names a driver or there is no group", () => {
    const [container] = aSpec().manifest.spec.task.containers;
    const own = { driver: "none", options: {} };
    const given = { containers: container ? [container, { ...container, name: "own", logs: own }] : [] };
    const logs = contentOf(given, settingsWith({ logGroup: "/longshore" })).task.containers.map((each) => each.logs);
    expect(logs).toEqual([
      {
        driver: "awslogs",
        options: {
          "awslogs-group": "/longshore",
          "awslogs-region": "eu-central-1",
          "awslogs-stream-prefix": "shop/web",
        },
      },
      own,
    ]);
    expect(contentOf(given).task.containers[0]).not.toHaveProperty("logs");
  });
});

describe("what makes a new revision", () => {
  const before = revisionText(contentOf({}));

  test.for([
    { name: "nothing", text: revisionText(contentOf({})), isNew: false },
    { name: "another size", text: revisionText(contentOf({ cpuUnits: 1 })), isNew: true },
    { name: "a restart", text: revisionText(contentOf({}, settingsWith(), 1)), isNew: true },
    {
      name: "another default role",
      text: revisionText(contentOf({}, settingsWith({ executionRole: "r" }))),
      isNew: true,
    },
  ])("$name: $isNew", ({ text, isNew }) => {
    expect(text !== before).toBe(isNew);
  });

  test("replicas and rollout are no part of it", () => {
    const text = revisionText(revisionContent(aSpec({ replicas: 9, minReadySeconds: 5 }), settingsWith()));
    expect(text).toBe(before);
  });
});
