import { expect, test } from "vitest";
import { revisionMeant } from "../../cli/revision-meant.ts";
import { aRevision } from "../support/service.ts";
import { anInstall, manifestText } from "./a-session.ts";

test.for([
  { name: "a generation", revisions: ["5678abcdef", "1234abcdef"], to: 1, is: 1 },
  {
    name: "a generation that is the start of a revision, too",
    revisions: ["1234abcdef"],
    at: 1234,
    to: 1234,
    is: 1234,
  },
  { name: "the start of one revision", revisions: ["5678abcdef", "1234abcdef"], to: 1234, is: "1234" },
  { name: "the start of two", revisions: ["1234abcdef", "1234bbbbbb"], to: 1234, is: 1234 },
  { name: "neither", revisions: ["5678abcdef"], to: 1234, is: 1234 },
])("a number to go back to is $name", ({ revisions, at = 1, to, is }) => {
  const records = revisions.map((revision, index) => aRevision(revision, { generation: at + index }));
  expect(revisionMeant(to, records)).toBe(is);
});

test("a rollback goes to the revision whose name starts with these digits", async () => {
  const install = anInstall({ input: manifestText() });
  await install.run("apply", "-f", "-");
  await install.store.create(aRevision("1234567890", { generation: 1 }, { cpuUnits: 128 }));
  const { code, out } = await install.run("rollout", "undo", "shop/web", "--to", "12345");
  expect([code, out]).toEqual([0, "shop/web  accepted as generation 2\n"]);
});
