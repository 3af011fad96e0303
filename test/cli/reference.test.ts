import { expect, test } from "vitest";
import { buildProgram } from "../../cli/program.ts";
import type { Session } from "../../cli/session.ts";
import { reference } from "./reference.ts";

const nowhere = { write: () => {}, isTerminal: false, columns: 100, hasColours: false, isClosed: false };

test("docs/cli.md is what the commands say of themselves", async () => {
  const session = { out: nowhere, progress: nowhere } as Partial<Session> as Session;
  const text = reference(buildProgram(session, () => {}));
  for (const name of [
    "dev",
    "apply",
    "get revisions",
    "describe",
    "rollout rollback",
    "restart",
    "pause",
    "events",
    "logs",
  ])
    expect(text).toContain(`## longshore ${name}\n`);
  await expect(text).toMatchFileSnapshot("../../docs/cli.md");
});
