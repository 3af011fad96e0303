import { expect, test } from "vitest";
import { issuesWith } from "../../support/issues.ts";

const container = "spec.task.containers[0]";
const role = "arn:aws:iam::123456789012:role/task";
const ephemeral = (name: string) => ({ name, ephemeral: {} });
const efs = (given: object) => ({
  "spec.task.volumes": [{ name: "data", efs: { fileSystem: "fs-01234567", ...given } }],
});
const at = "spec.task.volumes[0].efs";
const accessPoint = "fsap-01234567";
const mounts = (...given: readonly (readonly [volume: string, path: string])[]) => ({
  [`${container}.mounts`]: given.map(([volume, path]) => ({ volume, path })),
});

test.for<{ name: string; changes: Record<string, unknown>; issues: readonly unknown[] }>([
  { name: "an EFS file system", changes: efs({}), issues: [] },
  { name: "a folder of it", changes: efs({ path: "/a" }), issues: [] },
  { name: "in the clear", changes: efs({ transitEncryption: false }), issues: [] },
  { name: "through an access point", changes: efs({ accessPoint }), issues: [] },
  { name: "through an access point, at its root", changes: efs({ accessPoint, path: "/" }), issues: [] },
  {
    name: "through an access point, another folder",
    changes: efs({ accessPoint, path: "/a" }),
    issues: [`${at}.path: path must be / or absent with accessPoint, which has its own`],
  },
  {
    name: "through an access point in the clear",
    changes: efs({ accessPoint, transitEncryption: false }),
    issues: [`${at}.transitEncryption: transitEncryption must be true with accessPoint`],
  },
  { name: "as the task role", changes: { ...efs({ iam: true }), "spec.task.taskRole": role }, issues: [] },
  {
    name: "as the task role in the clear",
    changes: { ...efs({ iam: true, transitEncryption: false }), "spec.task.taskRole": role },
    issues: [`${at}.transitEncryption: transitEncryption must be true with iam`],
  },
  {
    name: "as the task role through an access point in the clear",
    changes: { ...efs({ accessPoint, iam: true, transitEncryption: false }), "spec.task.taskRole": role },
    issues: [`${at}.transitEncryption: transitEncryption must be true with accessPoint and iam`],
  },
  {
    name: "as no task role",
    changes: efs({ iam: true }),
    issues: [`${at}.iam: iam needs taskRole, which it is mounted as`],
  },
  {
    name: "volumes of one name",
    changes: { "spec.task.volumes": [ephemeral("a"), ephemeral("b"), ephemeral("a")] },
    issues: ["spec.task.volumes[2].name: name must stand once in volumes, but a is there again"],
  },
  {
    name: "two names that could not be read",
    changes: { "spec.task.volumes": [ephemeral("A"), ephemeral("A")] },
    issues: [0, 1].map((index) => expect.stringContaining(`spec.task.volumes[${index}].name: `)),
  },
  {
    name: "mounts of volumes that are there",
    changes: {
      "spec.task.volumes": [ephemeral("a"), ephemeral("b")],
      ...mounts(["a", "/a"], ["b", "/b"], ["a", "/c"]),
    },
    issues: [],
  },
  {
    name: "a mount of a volume that is not there",
    changes: { "spec.task.volumes": [ephemeral("a"), ephemeral("b")], ...mounts(["c", "/c"]) },
    issues: [`${container}.mounts[0].volume: c is no volume of the task; there is a or b`],
  },
  {
    name: "a mount without volumes",
    changes: mounts(["c", "/c"]),
    issues: [`${container}.mounts[0].volume: c is no volume of the task; there is none in volumes`],
  },
  {
    name: "a mount of what may be a volume that could not be read",
    changes: { "spec.task.volumes": [ephemeral("A")], ...mounts(["c", "/c"]) },
    issues: [expect.stringContaining("spec.task.volumes[0].name: ")],
  },
  {
    name: "volumes and mounts that are no maps",
    changes: {
      "spec.task.volumes": ["a", ephemeral("b")],
      [`${container}.mounts`]: ["a", { volume: "b", path: "/b" }],
    },
    issues: [expect.stringContaining("spec.task.volumes[0]: "), expect.stringContaining(`${container}.mounts[0]: `)],
  },
  {
    name: "two mounts at one path",
    changes: {
      "spec.task.volumes": [ephemeral("a"), ephemeral("b")],
      ...mounts(["a", "/a"], ["b", "/a"], ["b", "/b"], ["a", "/b//"]),
    },
    issues: [1, 3].map(
      (index) => `${container}.mounts[${index}].path: path must stand once in its container, but is there again`,
    ),
  },
  {
    name: "one path in two containers",
    changes: {
      "spec.task.volumes": [ephemeral("a")],
      ...mounts(["a", "/a"]),
      "spec.task.containers[1]": {
        name: "b",
        image: "i",
        cpuUnits: 1,
        memoryMib: 6,
        mounts: [{ volume: "a", path: "/a" }],
      },
    },
    issues: [],
  },
])("$name", ({ changes, issues }) => {
  expect(issuesWith(changes)).toEqual(issues);
});
