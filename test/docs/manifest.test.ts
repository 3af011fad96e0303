import { expect, test } from "vitest";
import { manifestFields, plannedFields, scopeFields } from "../../core/admission/index.ts";

/** What stands in the last column: whether it has to be given, and what it is if not. */
function whenAbsent(absent: (typeof manifestFields)[number]["absent"]): string {
  if (absent === "required") return "**required**";
  return absent === "optional" ? "–" : `\`${JSON.stringify(absent.default)}\``;
}

/** What each kind is for. */
const purposes = {
  Service:
    "What runs. `1024` CPU units are one vCPU. [task-definition.md](task-definition.md) has what ECS is told of a task.",
  Namespace:
    "Who may do what in a namespace: all of it, so what is left out is taken away. [commands.md](commands.md) has the roles.",
  Install: "Who may do what everywhere. It has no name: an install takes what is sent to its own queue.",
};

function sectionOf({ kind, fields, planned }: (typeof scopeFields)[number]): readonly string[] {
  const cell = (text: string) => text.replaceAll("|", "\\|");
  const rows = fields.map(
    ({ path, meaning, allowed, absent }) =>
      `| \`${path}\` | ${cell(meaning)} | ${cell(allowed)} | ${cell(whenAbsent(absent))} |`,
  );
  return [
    `## ${kind}`,
    "",
    purposes[kind],
    "",
    "| Field | Meaning | Allowed | When absent |",
    "|---|---|---|---|",
    ...rows,
    "",
    "These are planned, and refused by name until built:",
    `${planned.map((path) => `\`${path}\``).join(", ")}.`,
    "",
  ];
}

test("docs/manifest.md is what admission reads", async () => {
  expect(manifestFields.length).toBeGreaterThan(60);
  const service = { kind: "Service", fields: manifestFields, planned: plannedFields } as const;
  const text = [
    "# Manifest",
    "",
    "Every field of a manifest of each kind, made from the code that admits it. Units are in the names. Keys that begin with",
    "`x-` are left out; any other that is not here is refused, and the nearest one named.",
    "",
    ...[service, ...scopeFields].flatMap(sectionOf),
  ].join("\n");
  await expect(text).toMatchFileSnapshot("../../docs/manifest.md");
});
