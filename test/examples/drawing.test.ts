import { describe, expect, test } from "vitest";
import { type Backlog, type DrawnTask, drawBacklog, drawVersions } from "../../examples/demo/drawing.ts";

describe("tasks by version", () => {
  const a = (version: string, looks: DrawnTask["looks"]): DrawnTask => ({ version, looks });

  test.for<{ name: string; tasks: readonly DrawnTask[]; drawn: string }>([
    { name: "none", tasks: [], drawn: "v1         v2" },
    { name: "of one version", tasks: [a("v1", "serves"), a("v1", "serves")], drawn: "v1 ██      v2" },
    {
      name: "what serves comes before what starts, leaves or fails",
      tasks: [a("v1", "leaves"), a("v1", "serves"), a("v2", "unhealthy"), a("v2", "starts"), a("v2", "serves")],
      drawn: "v1 █▒      v2 █░✗",
    },
    { name: "a version that is not asked for is left out", tasks: [a("v3", "serves")], drawn: "v1         v2" },
  ])("$name", ({ tasks, drawn }) => {
    expect(drawVersions(["v1", "v2"], tasks, 5)).toBe(drawn);
  });
});

describe("a backlog", () => {
  test.for<{ name: string; backlog: Backlog; drawn: string }>([
    { name: "full", backlog: { messages: 100, running: 0, moving: 0 }, drawn: " 100 messages █████   0 tasks" },
    {
      name: "worked on",
      backlog: { messages: 41, running: 2, moving: 1 },
      drawn: "  41 messages ███     3 tasks ▮▮▯",
    },
    {
      name: "the last message shows",
      backlog: { messages: 1, running: 1, moving: 0 },
      drawn: "   1 messages █       1 task  ▮",
    },
    { name: "empty", backlog: { messages: 0, running: 0, moving: 0 }, drawn: "   0 messages         0 tasks" },
  ])("$name", ({ backlog, drawn }) => {
    expect(drawBacklog(backlog, 100)).toBe(drawn);
  });
});
