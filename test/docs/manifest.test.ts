import { expect, test } from "vitest";
import { manifestFields, plannedFields } from "../../core/admission/index.ts";

/** What stands in the last column: whether it has to be given, and what it is if not. */
function whenAbsent(absent: (typeof manifestFields)[number]["absent"]): string {
  if (absent === "required") return "**required**";
  return absent === "optional" ? "–" : `\`${JSON.stringify(absent.default)}\``;
}

test("docs/manifest.md is what admission reads", async () => {
  const cell = (text: string) => text.replaceAll("|", "\\|");
  const rows = manifestFields.map(
    ({ path, meaning, allowed, absent }) =>
      `| \`${path}\` | ${cell(meaning)} | ${cell(allowed)} | ${cell(whenAbsent(absent))} |`,
  );
  expect(rows.length).toBeGreaterThan(60);
  const text = [
    "# Manifest",
    "",
    "Every field of a service's manifest, made from the code that admits it. Units are in the names; `1024` CPU units are one",
    "vCPU. Keys that begin with `x-` are left out; any other that is not here is refused, and the nearest one named.",
    "",
    "| Field | Meaning | Allowed | When absent |",
    "|---|---|---|---|",
    ...rows,
    "",
    "## Not built yet",
    "",
    "These are named in the design, and refused by name until they are built:",
    `${plannedFields.map((path) => `\`${path}\``).join(", ")}.`,
    "",
  ].join("\n");
  await expect(text).toMatchFileSnapshot("../../docs/manifest.md");
});
