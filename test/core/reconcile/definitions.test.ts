import { describe, expect, test } from "vitest";
import type { RevisionRecord } from "../../../core/model/records.ts";
import { isRefused, lacksDefinition, wantedRevision } from "../../../core/reconcile/definitions.ts";
import { aRevision, nowMs } from "../../support/service.ts";
import { aSnapshot } from "../../support/snapshot.ts";

/** The record of a revision that was refused so many milliseconds ago, and has no task definition. */
function refusedFor(ms: number): RevisionRecord {
  const { taskDefinition: _, ...record } = aRevision("v1");
  return { ...record, refusal: "no such role", refusedAtMs: nowMs - ms };
}

/** The record of one that was never asked for. */
function unasked(): RevisionRecord {
  const { refusal: _, refusedAtMs: __, ...record } = refusedFor(0);
  return record;
}

describe("a refusal", () => {
  test.for<{ name: string; record: RevisionRecord; is: boolean }>([
    { name: "of now holds", record: refusedFor(0), is: true },
    { name: "holds for five minutes", record: refusedFor(299_999), is: true },
    { name: "is over then", record: refusedFor(300_000), is: false },
    { name: "of a time that nobody noted is over", record: { ...unasked(), refusal: "no such role" }, is: false },
    { name: "is none where there was none", record: unasked(), is: false },
    { name: "is none though a time is noted", record: { ...unasked(), refusedAtMs: nowMs }, is: false },
  ])("$name", ({ record, is }) => {
    expect(isRefused(record, nowMs)).toBe(is);
  });
});

describe("a definition is asked for", () => {
  test.for<{ name: string; record: RevisionRecord | "none"; is: boolean }>([
    { name: "of a revision on no record", record: "none", is: true },
    { name: "of one that has none", record: unasked(), is: true },
    { name: "not of one that has one", record: aRevision("v1"), is: false },
    { name: "of one of an earlier life, which expires", record: aRevision("v1", { expiresAt: 1 }), is: true },
    { name: "not of one that was refused just now", record: refusedFor(299_999), is: false },
    { name: "of one that was refused long ago", record: refusedFor(300_000), is: true },
    {
      name: "of one of an earlier life, though it was refused just now",
      record: { ...refusedFor(0), expiresAt: 1 },
      is: true,
    },
    {
      name: "not of one that has one, though it was refused long ago",
      record: { ...aRevision("v1"), refusal: "no such role", refusedAtMs: 0 },
      is: false,
    },
  ])("$name: $is", ({ record, is }) => {
    const snapshot = aSnapshot({ revisions: { v0: {} } });
    const revisions = [aRevision("v0"), ...(record === "none" ? [] : [record])];
    expect(lacksDefinition({ ...snapshot, revisions })).toBe(is);
  });
});

test.for<{ name: string; v1: Partial<RevisionRecord> | "none"; is: string | undefined }>([
  { name: "the one that the spec wants", v1: {}, is: "v1" },
  { name: "none before it is on record", v1: "none", is: undefined },
])("the wanted revision is $name", ({ v1, is }) => {
  const snapshot = aSnapshot({ wanted: "v1", plan: "v0:0-2 max 3", revisions: { v0: {}, v1 } });
  expect(wantedRevision(snapshot)?.revision).toBe(is);
  expect(wantedRevision({ revisions: snapshot.revisions })).toBeUndefined();
});
