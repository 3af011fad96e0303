import { describe, expect, test } from "vitest";
import type { Item } from "../../../core/model/records.ts";
import { whyUnsound } from "../../../core/model/sound.ts";

const item = { partition: "service#shop/web", schema: 1, version: 3, uid: "u" };
const plan = { sets: [], maxLive: 0, notBeforeMs: 0, barred: [] };
const records: Readonly<Record<string, object>> = {
  spec: { manifest: {}, generation: 1, lastCommand: "c", deleting: false },
  state: { plan, held: {}, stops: {}, conditions: [], progress: {}, generation: 1, cluster: "main", tombstone: false },
  "revision#a": { revision: "a", content: {} },
  "call#0000000001": { seq: 1, phase: "sent", token: "t", members: [], firstSentAtMs: 0, tries: 1 },
  "task#t": { taskId: "t", token: "t", status: "RUNNING", ecsVersion: 1, createdAtMs: 0, health: "UNKNOWN" },
};
const record = (sort: string, changes: object = {}): Item => ({ ...item, sort, ...records[sort], ...changes });

describe("a record is sound", () => {
  test.for(Object.keys(records))("as it is written: %s", (sort) => {
    expect(whyUnsound(record(sort))).toBeUndefined();
  });

  test("with fields that this Longshore does not know", () => {
    expect(whyUnsound(record("state", { later: 1 }))).toBeUndefined();
  });

  test("when nobody decides from it", () => {
    expect(whyUnsound(record("lease"))).toBeUndefined();
  });
});

describe("a record is not acted on", () => {
  const fields = Object.entries(records).flatMap(([sort, own]) => Object.keys(own).map((field) => ({ sort, field })));

  test.for(fields)("$sort without $field", ({ sort, field }) => {
    expect(whyUnsound(record(sort, { [field]: undefined }))).toContain(`is damaged: ${field} must be a`);
  });

  test.for(fields)("$sort with a null for $field", ({ sort, field }) => {
    expect(whyUnsound(record(sort, { [field]: null }))).toContain("is damaged");
  });

  test.for(Object.keys(plan))("a state whose plan has no %s", (field) => {
    expect(whyUnsound(record("state", { plan: { ...plan, [field]: undefined } }))).toContain("plan must have sets");
  });

  test("a list where a map belongs", () => {
    expect(whyUnsound(record("state", { stops: [] }))).toBe("state is damaged: stops must be a map");
  });

  test.for([...Object.keys(records), "lease"])("%s of a newer schema", (sort) => {
    expect(whyUnsound(record(sort, { schema: 2 }))).toBe(
      `${sort} was written by a newer Longshore (schema 2, this one knows 1)`,
    );
  });
});
