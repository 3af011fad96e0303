import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { roles } from "../../core/access/roles.ts";
import { admitCommand } from "../../core/admission/index.ts";

const page = readFileSync(new URL("../../docs/commands.md", import.meta.url), "utf8");
const examples = [...page.matchAll(/^```json\n(.*?)^```$/gms)].map(([, text = ""]) => text);
const headings = [...page.matchAll(/^## ([a-z]+)$/gm)].map(([, heading = ""]) => heading);

/** What the refusal of a type that there is not says: the ones that there are, or that it is not built yet. */
function refusalOf(type: string): string {
  const text = JSON.stringify({ specversion: "1.0", type: `dev.longshore.${type}`, data: {} });
  const admission = admitCommand(text, text.length);
  return admission.ok ? "" : admission.issues.map(({ message }) => message).join();
}

describe("docs/commands.md", () => {
  test.for(examples)("shows what is admitted: %s", (text) => {
    expect(admitCommand(text, Buffer.byteLength(text))).toMatchObject({ ok: true });
  });

  test("has every command that is built, and an example of each", () => {
    const built = refusalOf("zzz").match(/(?<=dev\.longshore\.)[a-z]+/g) ?? [];
    expect(headings.toSorted()).toEqual(built.filter((type) => type !== "zzz").toSorted());
    const shown = new Set(examples.map((text) => (JSON.parse(text) as { type: string }).type));
    expect([...shown].toSorted()).toEqual(headings.map((type) => `dev.longshore.${type}`).toSorted());
  });

  test("has every role with its verbs", () => {
    const [drawn = ""] = /^\| Role .*\n(?:\|.*\n)+/m.exec(page) ?? [];
    const lines = drawn.replaceAll("`", "").trimEnd().split("\n");
    const [heads = [], , ...rows] = lines.map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
    const told = rows.map(([role, ...marks]) => [role, heads.slice(1).filter((_, index) => marks[index] === "yes")]);
    expect(told).toEqual(Object.entries(roles));
  });

  test("names those that are not built", () => {
    const [, planned = ""] = /^## Not built yet\n(.*)/ms.exec(page) ?? [];
    const named = [...planned.matchAll(/`([a-z]+)`/g)].map(([, type = ""]) => type);
    expect(named).toHaveLength(5);
    for (const type of named) expect(refusalOf(type)).toContain("is not built yet");
  });
});
