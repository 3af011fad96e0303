import { describe, expect, test } from "vitest";
import { annotations } from "../../action/annotations.ts";
import { outputs } from "../../action/outputs.ts";
import type { Applied, Described } from "../../action/report.ts";
import { summary } from "../../action/summary.ts";
import { outcomeOf } from "../../cli/outcome.ts";

const hostile = "x|y <img src=a> `z`\n::set-output name=a::b\n| ![c](d) |\u001b[31m%0A";

const applied: Applied = {
  exitCode: 4,
  outcome: "failed",
  results: [outcomeOf("failed", { service: "shop/web", generation: 1, message: hostile })],
  issues: [],
  said: "",
};

/** What tasks, registries and other people's manifests say ends up in all of these. */
describe("untrusted text", () => {
  test("stays one cell of the summary", () => {
    const described = {
      service: {
        namespace: "shop",
        name: "web",
        status: "failed",
        conditions: [{ type: "Available", status: "False", reason: "Told", message: hostile }],
      },
      rollout: { target: null, updated: 0, ready: 0, available: 0, older: 0, replicas: 1 },
    } as unknown as Described;
    const lines = summary(applied, [described])
      .split("\n")
      .filter((line) => line.includes("set"));
    expect(lines).toHaveLength(2);
    for (const line of lines) {
      expect(line.split("|")).toHaveLength(6);
      expect(line).not.toMatch(/<|`|!\[|\p{Cc}/u);
    }
  });

  test("stays one annotation, and starts no command of the runner", () => {
    const text = annotations(applied);
    expect(text.split("\n")).toHaveLength(2);
    expect(text).toMatch(/^::error::shop\/web failed: x\|y [^\n]*%0A::set-output name=a::b[^\n]*%250A\n$/);
  });

  test("stays one output, whatever it holds", () => {
    const text = outputs({ ...applied, outcome: "end-1\noutcome=live" as "failed" });
    const [, end] = /^outcome<<(end-[0-9a-f-]{36})$/m.exec(text) ?? [];
    expect(text).toContain(`outcome<<${end}\nend-1\noutcome=live\n${end}\n`);
  });
});
