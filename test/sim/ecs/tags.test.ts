import { describe, expect, test } from "vitest";
import { aReadyWorld, type Json, refusal, type World } from "./world.ts";

const kinds: readonly { name: string; arnIn: (world: World) => string }[] = [
  { name: "a task", arnIn: (world) => world.task().arn },
  { name: "a container instance", arnIn: (world) => world.engine.instances()[0]?.arn ?? "" },
  { name: "a task definition", arnIn: (world) => world.task().taskDefinition },
  { name: "a cluster", arnIn: () => "arn:aws:ecs:eu-west-1:123456789012:cluster/c" },
];

function running(): World {
  const world = aReadyWorld();
  world.run();
  return world;
}

describe("tags", () => {
  test.for(kinds)("of $name are added, changed, listed", ({ arnIn }) => {
    const world = running();
    const resourceArn = arnIn(world);
    const listed = () => world.call("ListTagsForResource", { resourceArn }).tags;
    expect(listed()).toEqual([]);
    world.call("TagResource", { resourceArn, tags: [{ key: "b", value: "1" }, { key: "a" }] });
    expect(world.call("TagResource", { resourceArn, tags: [{ key: "b", value: "2" }] })).toEqual({});
    expect(listed()).toEqual([
      { key: "a", value: "" },
      { key: "b", value: "2" },
    ]);
  });

  test.for(["TagResource", "ListTagsForResource"])("%s of what does not exist", (action) => {
    const act = () => running().call(action, { resourceArn: "arn:none", tags: [] });
    expect(refusal(act)).toBe("ResourceNotFoundException: The specified resource could not be found: arn:none");
  });

  test.for<{ name: string; tags: readonly Json[]; refused: string }>([
    { name: "the longest", tags: [{ key: "k".repeat(128), value: "v".repeat(256) }], refused: "-" },
    {
      name: "no key",
      tags: [{ key: "", value: "v" }],
      refused: "InvalidParameterException: a tag's key must have 1 to 128 characters: ",
    },
    {
      name: "a long key",
      tags: [{ key: "k".repeat(129), value: "v" }],
      refused: `InvalidParameterException: a tag's key must have 1 to 128 characters: ${"k".repeat(129)}`,
    },
    {
      name: "a long value",
      tags: [{ key: "k", value: "v".repeat(257) }],
      refused: "InvalidParameterException: the value of tag k must have at most 256 characters",
    },
    {
      name: "AWS's prefix",
      tags: [{ key: "AWS:x", value: "v" }],
      refused: "InvalidParameterException: the prefix aws: is reserved: AWS:x",
    },
    {
      name: "AWS's prefix in a value",
      tags: [{ key: "k", value: "aws:x" }],
      refused: "InvalidParameterException: the prefix aws: is reserved: aws:x",
    },
    {
      name: "a character that is not for tags",
      tags: [{ key: "k", value: "a;b" }],
      refused: "InvalidParameterException: a tag must be of letters, digits, spaces and _.:/=+-@, got k: a;b",
    },
    {
      name: "a key twice",
      tags: [
        { key: "k", value: "a" },
        { key: "k", value: "b" },
      ],
      refused: "InvalidParameterException: Duplicate tag keys are not allowed.",
    },
  ])("$name", ({ tags, refused }) => {
    const world = running();
    expect(refusal(() => world.call("TagResource", { resourceArn: world.task().arn, tags }))).toBe(refused);
  });
});
