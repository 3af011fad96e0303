import { expect, test } from "vitest";
import { decideScopeChange, type ScopeGround } from "../../../core/admission/scope-change.ts";
import type { NamespaceRecord } from "../../../core/model/records.ts";

/** The record of namespace `shop`, at version 3. */
function aRecord(paused: boolean): NamespaceRecord {
  const place = { partition: "namespace#shop", sort: "spec", schema: 1, version: 3, uid: "n1" };
  return { ...place, paused, lastCommand: "c1" };
}

const pause = { type: "pause", scope: { kind: "Namespace", name: "shop" } } as const;
const resume = { ...pause, type: "resume" } as const;
const ground = (given: Partial<ScopeGround>): ScopeGround => ({
  record: aRecord(false),
  base: 3,
  hash: "c9",
  nowMs: 1_000,
  ...given,
});
const paused = { record: aRecord(true) };
const none = { record: undefined, base: 0 };
const write = (fields: object) => ({ kind: "write", fields: { ...fields, lastCommand: "c9" } });
const superseded = {
  kind: "superseded",
  issues: [{ code: "superseded", path: "", message: "another pause or resume came after this one was received" }],
};

test.for<{
  readonly name: string;
  readonly command: typeof pause | typeof resume;
  readonly on: Partial<ScopeGround>;
  readonly is: object;
}>([
  { name: "a pause of what was never paused", command: pause, on: none, is: write({ paused: true }) },
  { name: "a pause of what goes on", command: pause, on: {}, is: write({ paused: true }) },
  { name: "a pause of what is paused", command: pause, on: paused, is: { kind: "nothing" } },
  { name: "a resume of what was never paused", command: resume, on: none, is: { kind: "nothing" } },
  { name: "a resume of what goes on", command: resume, on: {}, is: { kind: "nothing" } },
  { name: "a resume of what is paused", command: resume, on: paused, is: write({ paused: false, resumedAtMs: 1_000 }) },
  { name: "a pause that another came after", command: pause, on: { base: 2 }, is: superseded },
  { name: "a resume that another came after", command: resume, on: { ...paused, base: 2 }, is: superseded },
  { name: "a pause before the first", command: pause, on: { ...paused, base: 0 }, is: superseded },
])("$name", ({ command, on, is }) => {
  expect(decideScopeChange(command, ground(on))).toStrictEqual(is);
});
