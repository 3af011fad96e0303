import { expect, test } from "vitest";
import { issuesWith } from "../../support/issues.ts";

const all = "spec.task.containers";
const check = { command: ["CMD", "true"] };

interface Wished {
  readonly essential?: boolean;
  readonly health?: unknown;
  readonly dependsOn?: readonly unknown[];
}

/** Containers drawn as `name: wishes`; the first is essential. */
function containers(drawn: Readonly<Record<string, Wished>>) {
  return {
    [all]: Object.entries(drawn).map(([name, wished], index) => ({
      name,
      image: "i",
      cpuUnits: 1,
      memoryMib: 6,
      essential: index === 0,
      ...wished,
    })),
  };
}

const on = (container: string, condition = "start") => ({ container, condition });

test.for<{ name: string; drawn: Readonly<Record<string, Wished>>; issues: readonly unknown[] }>([
  { name: "a chain", drawn: { a: { dependsOn: [on("b")] }, b: { dependsOn: [on("c")] }, c: {} }, issues: [] },
  {
    name: "a diamond",
    drawn: { a: { dependsOn: [on("b"), on("c")] }, b: { dependsOn: [on("d")] }, c: { dependsOn: [on("d")] }, d: {} },
    issues: [],
  },
  {
    name: "a container that is not there",
    drawn: { a: { dependsOn: [on("z")] }, b: {} },
    issues: [`${all}[0].dependsOn[0].container: z is no container; there are a or b`],
  },
  {
    name: "another than the only one",
    drawn: { a: { dependsOn: [on("z", "healthy")] } },
    issues: [`${all}[0].dependsOn[0].container: z is no container; there is a`],
  },
  {
    name: "one that may be a container that could not be read",
    drawn: { a: { dependsOn: [on("z")] }, B: {} },
    issues: [expect.stringContaining(`${all}[1].name: `)],
  },
  {
    name: "the same twice",
    drawn: { a: { dependsOn: [on("b"), on("b", "complete")] }, b: {} },
    issues: [`${all}[0].dependsOn[1].container: container must stand once, but b is there again`],
  },
  {
    name: "itself",
    drawn: { a: { dependsOn: [on("a")] } },
    issues: [`${all}[0].dependsOn: dependsOn must not lead back: a → a`],
  },
  {
    name: "each other",
    drawn: { a: { dependsOn: [on("b")] }, b: { dependsOn: [on("a")] } },
    issues: [`${all}[0].dependsOn: dependsOn must not lead back: a → b → a`],
  },
  {
    name: "a ring behind a start",
    drawn: {
      a: { dependsOn: [on("b")] },
      b: { dependsOn: [on("c")] },
      c: { dependsOn: [on("d")] },
      d: { dependsOn: [on("b")] },
    },
    issues: [`${all}[1].dependsOn: dependsOn must not lead back: b → c → d → b`],
  },
  {
    name: "two rings",
    drawn: {
      a: { dependsOn: [on("b")] },
      b: { dependsOn: [on("a")] },
      c: { dependsOn: [on("d")] },
      d: { dependsOn: [on("c")] },
    },
    issues: [
      `${all}[0].dependsOn: dependsOn must not lead back: a → b → a`,
      `${all}[2].dependsOn: dependsOn must not lead back: c → d → c`,
    ],
  },
  {
    name: "a ring that is found by a second way",
    drawn: { a: { dependsOn: [on("b"), on("c")] }, b: {}, c: { dependsOn: [on("b"), on("a")] } },
    issues: [`${all}[0].dependsOn: dependsOn must not lead back: a → c → a`],
  },
  {
    name: "the health of one with a check",
    drawn: { a: { dependsOn: [on("b", "healthy")] }, b: { health: check } },
    issues: [],
  },
  {
    name: "the health of one without",
    drawn: { a: { dependsOn: [on("b", "healthy")] }, b: {} },
    issues: [`${all}[0].dependsOn[0].condition: healthy needs a health check of b, which has none`],
  },
  {
    name: "the health of one whose check could not be read",
    drawn: { a: { dependsOn: [on("b", "healthy")] }, b: { health: "curl" } },
    issues: [expect.stringContaining(`${all}[1].health: `)],
  },
  { name: "the start of an essential one", drawn: { a: { dependsOn: [on("b")] }, b: { essential: true } }, issues: [] },
  ...["complete", "success"].flatMap((condition) => [
    {
      name: `${condition} of one that is not essential`,
      drawn: { a: { dependsOn: [on("b", condition)] }, b: {} },
      issues: [],
    },
    {
      name: `${condition} of an essential one`,
      drawn: { a: { dependsOn: [on("b", condition)] }, b: { essential: true } },
      issues: [
        `${all}[0].dependsOn[0].condition: ${condition} needs b to be not essential: when it ends, the task does`,
      ],
    },
    {
      name: `${condition} of one of which that could not be read`,
      drawn: { a: { dependsOn: [on("b", condition)] }, b: { essential: "no" as never } },
      issues: [expect.stringContaining(`${all}[1].essential: `)],
    },
  ]),
])("a container that waits for $name", ({ drawn, issues }) => {
  expect(issuesWith(containers(drawn))).toEqual(issues);
});
