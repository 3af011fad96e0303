import { describe, expect, test } from "vitest";
import type { Revision } from "../../../core/model/ids.ts";
import type { RevisionRecord, RolloutRecord } from "../../../core/model/records.ts";
import { takeAim } from "../../../core/reconcile/aim.ts";
import {
  bringsIn,
  isDefined,
  isRefused,
  lacksDefinition,
  wantedRevision,
} from "../../../core/reconcile/definitions.ts";
import { aRevision, nowMs } from "../../support/service.ts";
import { aSnapshot, type Told } from "../../support/snapshot.ts";

const v0 = "v0" as Revision;
const v1 = "v1" as Revision;

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
    { name: "of when the revision was first tried holds", record: refusedFor(60_000), is: true },
    { name: "of before that is over", record: refusedFor(60_001), is: false },
    { name: "of a time that nobody noted is over", record: { ...unasked(), refusal: "no such role" }, is: false },
    { name: "is none where there was none", record: unasked(), is: false },
    { name: "is none though a time is noted", record: { ...unasked(), refusedAtMs: nowMs }, is: false },
  ])("$name", ({ record, is }) => {
    expect(isRefused(record, nowMs - 60_000)).toBe(is);
  });
});

describe("a definition is asked for", () => {
  const rollout: RolloutRecord = { attempt: 1, revision: v1, startedAtMs: nowMs - 60_000 };
  const failure = { reason: "Cancelled", message: "", atMs: nowMs - 1000, outcome: "paused" } as const;
  const failed: Told = { state: { rollout: { ...rollout, failure } } };

  interface Row {
    readonly name: string;
    readonly record: RevisionRecord | "none";
    readonly told?: Told;
    readonly is: boolean;
  }
  test.for<Row>([
    { name: "of a revision on no record", record: "none", is: true },
    { name: "of one that has none", record: unasked(), is: true },
    { name: "not of one that has one", record: aRevision("v1"), is: false },
    { name: "of one of an earlier life, which expires", record: aRevision("v1", { expiresAt: 1 }), is: true },
    { name: "not of one that was refused just now", record: refusedFor(0), is: false },
    { name: "not of one that was refused as its rollout began", record: refusedFor(60_000), is: false },
    { name: "of one that was refused before its rollout began", record: refusedFor(60_001), is: true },
    {
      name: "of one that was refused, once a new attempt begins",
      record: refusedFor(1),
      told: { spec: { attempt: 2 } },
      is: true,
    },
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
    { name: "not while its rollout has failed", record: unasked(), told: failed, is: false },
    {
      name: "of one whose rollout failed, and is tried again",
      record: refusedFor(1000),
      told: { ...failed, spec: { resumedAtMs: nowMs - 999 } },
      is: true,
    },
    {
      name: "of one that an earlier generation brought in, for the news of it",
      record: aRevision("v1", { generation: 1 }),
      told: { spec: { generation: 3 }, state: { revision: v0 } },
      is: true,
    },
  ])("$name: $is", ({ record, told, is }) => {
    const snapshot = aSnapshot({ revisions: { v0: {} }, ...told, state: { rollout, ...told?.state } });
    const revisions = [aRevision("v0"), ...(record === "none" ? [] : [record])];
    expect(lacksDefinition(takeAim({ ...snapshot, revisions }))).toBe(is);
  });
});

describe("a revision is brought in by a generation", () => {
  test.for<Told & { readonly name: string; readonly is: boolean }>([
    { name: "that wants another than the last did", spec: { generation: 3 }, state: { revision: v0 }, is: true },
    { name: "where there was none before", spec: { generation: 3 }, plan: "none", is: true },
    { name: "not by one that wants the same", spec: { generation: 3 }, is: false },
    { name: "not twice", spec: { generation: 1 }, state: { revision: v0 }, is: false },
    {
      name: "not before it is on record",
      spec: { generation: 3 },
      state: { revision: v0 },
      revisions: { v1: "none" },
      is: false,
    },
  ])("$name: $is", ({ name: _, is, ...told }) => {
    expect(bringsIn(aSnapshot(told))).toBe(is);
  });

  test("and nobody wants anything without a spec", () => {
    const { spec: _, ...snapshot } = aSnapshot({ state: { revision: v0 } });
    expect(bringsIn(snapshot)).toBe(false);
    const { wanted: __, ...unwanted } = aSnapshot({ state: { revision: v0 } });
    expect(bringsIn(unwanted)).toBe(false);
  });
});

describe("a revision can be started", () => {
  test.for<{ name: string; record: RevisionRecord; is: boolean }>([
    { name: "with a task definition", record: aRevision("v1"), is: true },
    { name: "not without", record: unasked(), is: false },
    { name: "not once that was refused", record: { ...aRevision("v1"), refusal: "no" }, is: false },
    { name: "not of an earlier life", record: aRevision("v1", { expiresAt: 1 }), is: false },
  ])("$name: $is", ({ record, is }) => {
    const revisions = [aRevision("v0"), record];
    expect(isDefined({ revisions }, v1)).toBe(is);
    expect(isDefined({ revisions }, v0)).toBe(true);
    expect(isDefined({ revisions }, "v2" as Revision)).toBe(false);
    expect(isDefined({ revisions }, undefined)).toBe(false);
  });
});

test.for<{ name: string; v1: Partial<RevisionRecord> | "none"; is: string | undefined }>([
  { name: "the one that the spec wants", v1: {}, is: "v1" },
  { name: "none before it is on record", v1: "none", is: undefined },
])("the wanted revision is $name", ({ v1: record, is }) => {
  const snapshot = aSnapshot({ wanted: "v1", plan: "v0:0-2 max 3", revisions: { v0: {}, v1: record } });
  expect(wantedRevision(snapshot)?.revision).toBe(is);
  expect(wantedRevision({ revisions: snapshot.revisions })).toBeUndefined();
});
