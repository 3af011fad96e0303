import { describe, expect, test } from "vitest";
import { aWorld, type Json, refusal, startMs } from "./world.ts";

const arn = (name: string) => `arn:aws:ecs:eu-west-1:123456789012:task-definition/${name}`;

describe("revisions", () => {
  test("every registration is a new revision, equal or not, also after a deregistration", () => {
    const world = aWorld();
    world.define();
    world.define();
    world.call("DeregisterTaskDefinition", { taskDefinition: "web:2" });
    const { taskDefinition } = world.define();
    expect(taskDefinition).toMatchObject({
      taskDefinitionArn: arn("web:3"),
      revision: 3,
      family: "web",
      status: "ACTIVE",
    });
    expect(world.define({ family: "api" }).taskDefinition).toMatchObject({ revision: 1 });
  });

  test("what was registered is described, with ECS's defaults", () => {
    const world = aWorld();
    world.define(
      { taskRoleArn: "arn:role" },
      { logConfiguration: { logDriver: "json-file" }, portMappings: [{ containerPort: 80 }] },
    );
    expect(world.call("DescribeTaskDefinition", { taskDefinition: "web" })).toEqual({
      taskDefinition: {
        taskDefinitionArn: arn("web:1"),
        family: "web",
        revision: 1,
        status: "ACTIVE",
        networkMode: "bridge",
        taskRoleArn: "arn:role",
        placementConstraints: [],
        volumes: [],
        compatibilities: ["EXTERNAL", "EC2"],
        registeredAt: startMs / 1000,
        containerDefinitions: [
          {
            name: "app",
            image: "shop/web",
            cpu: 256,
            memory: 256,
            essential: true,
            environment: [],
            mountPoints: [],
            volumesFrom: [],
            portMappings: [{ containerPort: 80, protocol: "tcp" }],
            logConfiguration: { logDriver: "json-file" },
          },
        ],
      },
    });
  });

  test("a container without CPU has none", () => {
    const world = aWorld();
    world.define({}, { cpu: undefined });
    const { taskDefinition } = world.call("DescribeTaskDefinition", { taskDefinition: "web" });
    expect(taskDefinition).toMatchObject({ containerDefinitions: [{ cpu: 0 }] });
  });

  test.for([
    { taskDefinition: "web", found: arn("web:2") },
    { taskDefinition: "web:1", found: arn("web:1") },
    { taskDefinition: "web:3", found: arn("web:3") },
    { taskDefinition: arn("web:1"), found: arn("web:1") },
  ])("$taskDefinition names $found while revision 3 is inactive", ({ taskDefinition, found }) => {
    const world = withThreeRevisions();
    expect(world.call("DescribeTaskDefinition", { taskDefinition }).taskDefinition).toMatchObject({
      taskDefinitionArn: found,
    });
  });

  test.for(["none", "web:4", arn("web:4")])("%s does not exist", (taskDefinition) => {
    const world = withThreeRevisions();
    expect(refusal(() => world.call("DescribeTaskDefinition", { taskDefinition }))).toBe(
      "ClientException: Unable to describe task definition.",
    );
  });

  test("tags are told when asked for", () => {
    const world = aWorld();
    const tags = [
      { key: "b", value: "2" },
      { key: "a", value: "1" },
    ];
    expect(world.define({ tags }).tags).toEqual([
      { key: "a", value: "1" },
      { key: "b", value: "2" },
    ]);
    expect(world.call("DescribeTaskDefinition", { taskDefinition: "web" })).not.toHaveProperty("tags");
    expect(world.call("DescribeTaskDefinition", { taskDefinition: "web", include: ["TAGS"] }).tags).toHaveLength(2);
  });

  test("tags past their bounds are refused, and nothing is registered", () => {
    const world = aWorld();
    expect(refusal(() => world.define({ tags: [{ key: "", value: "" }] }))).toContain("InvalidParameterException");
    expect(world.define().taskDefinition).toMatchObject({ revision: 1 });
  });

  test("deregistered ones are inactive, and say since when", () => {
    const world = aWorld();
    world.define();
    world.pass(5000);
    const { taskDefinition } = world.call("DeregisterTaskDefinition", { taskDefinition: "web:1" });
    expect(taskDefinition).toMatchObject({ status: "INACTIVE", deregisteredAt: startMs / 1000 + 5 });
    expect(world.call("DescribeTaskDefinition", { taskDefinition: "web:1" })).toEqual({ taskDefinition });
  });

  test.for([
    { taskDefinition: "web", refused: "InvalidParameterException: Revision is missing." },
    { taskDefinition: "web:9", refused: "ClientException: The specified task definition does not exist." },
    { taskDefinition: "web:3", refused: "ClientException: The specified task definition is inactive." },
  ])("$taskDefinition cannot be deregistered", ({ taskDefinition, refused }) => {
    expect(refusal(() => withThreeRevisions().call("DeregisterTaskDefinition", { taskDefinition }))).toBe(refused);
  });
});

describe("lists", () => {
  test.for<{ name: string; input: Json; listed: readonly string[] }>([
    {
      name: "active ones",
      input: {},
      listed: ["api:1", "web:1", "web:2", "web:4", "web:5", "web:6", "web:7", "web:8", "web:9", "web:10"],
    },
    { name: "newest first", input: { sort: "DESC", familyPrefix: "web", maxResults: 2 }, listed: ["web:10", "web:9"] },
    { name: "of exactly that family", input: { familyPrefix: "we" }, listed: [] },
    { name: "inactive ones", input: { status: "INACTIVE" }, listed: ["web:3"] },
    {
      name: "all",
      input: { status: "ALL", familyPrefix: "web", maxResults: 4 },
      listed: ["web:1", "web:2", "web:3", "web:4"],
    },
  ])("$name", ({ input, listed }) => {
    const world = withThreeRevisions();
    world.define({ family: "api" });
    for (let revision = 4; revision <= 10; revision += 1) world.define();
    expect(world.call("ListTaskDefinitions", input).taskDefinitionArns).toEqual(listed.map(arn));
  });

  test("pages", () => {
    const world = withThreeRevisions();
    const first = world.call("ListTaskDefinitions", { status: "ALL", maxResults: 2 });
    expect(first.taskDefinitionArns).toEqual([arn("web:1"), arn("web:2")]);
    const second = world.call("ListTaskDefinitions", { status: "ALL", maxResults: 2, nextToken: first.nextToken });
    expect(second).toEqual({ taskDefinitionArns: [arn("web:3")] });
  });

  test.for<{ input: Json; listed: readonly string[] }>([
    { input: {}, listed: ["api", "gone", "web"] },
    { input: { familyPrefix: "w" }, listed: ["web"] },
    { input: { status: "ACTIVE" }, listed: ["api", "web"] },
    { input: { status: "INACTIVE" }, listed: ["gone"] },
    { input: { maxResults: 1 }, listed: ["api"] },
  ])("families $input", ({ input, listed }) => {
    const world = withThreeRevisions();
    world.define({ family: "gone" });
    world.define({ family: "api" });
    world.call("DeregisterTaskDefinition", { taskDefinition: "gone:1" });
    expect(world.call("ListTaskDefinitionFamilies", input).families).toEqual(listed);
  });
});

/** `web` with three revisions, of which the last is inactive. */
function withThreeRevisions() {
  const world = aWorld();
  for (let revision = 1; revision <= 3; revision += 1) world.define();
  world.call("DeregisterTaskDefinition", { taskDefinition: "web:3" });
  return world;
}
