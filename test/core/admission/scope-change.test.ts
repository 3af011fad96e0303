import { describe, expect, test } from "vitest";
import type { ScopeCommand } from "../../../core/admission/command.ts";
import type { ScopeManifest } from "../../../core/admission/index.ts";
import { scopeOf } from "../../../core/admission/index.ts";
import { decideScopeChange, type ScopeGround } from "../../../core/admission/scope-change.ts";
import type { Grant } from "../../../core/model/grants.ts";
import type { InstallRecord, NamespaceRecord } from "../../../core/model/records.ts";

const place = { partition: "namespace#shop", sort: "spec", schema: 1, version: 3, uid: "n1" };

/** The record of namespace `shop`, at version 3, as this Longshore wrote it. */
function aRecord(given: Partial<NamespaceRecord> = {}): NamespaceRecord {
  return { ...place, paused: false, lastCommand: "c1", wrotePause: 3, wroteGrants: 2, ...given };
}

/** The record of the install, at version 3. */
function anInstallRecord(given: Partial<InstallRecord> = {}): InstallRecord {
  const { paused, lastCommand, wrotePause, wroteGrants } = aRecord() as Required<NamespaceRecord>;
  const written = { paused, lastCommand, wrotePause, wroteGrants };
  return { ...place, partition: "install", installId: "local000", ...written, ...given };
}

const pause = { type: "pause", scope: { kind: "Namespace", name: "shop" } } as const;
const resume = { ...pause, type: "resume" } as const;
const ground = (given: Partial<ScopeGround>): ScopeGround => ({
  record: aRecord(),
  base: 3,
  hash: "c9",
  nowMs: 1_000,
  sender: "AROAME",
  appointed: [],
  ...given,
});
const paused = { record: aRecord({ paused: true }) };
const none = { record: undefined, base: 0 };
const write = (fields: object) => ({ kind: "write", fields: { ...fields, lastCommand: "c9" } });
const nothing = { kind: "nothing" };
const superseded = (message: string) => ({ kind: "superseded", issues: [{ code: "superseded", path: "", message }] });
const paused4 = { wrotePause: 4, wroteGrants: 2 };

describe("a pause and a resume", () => {
  const late = superseded("another pause or resume came after this one was received");
  const { wrotePause: _, wroteGrants: __, ...earlier } = aRecord();

  test.for<{
    readonly name: string;
    readonly command: typeof pause | typeof resume;
    readonly on: Partial<ScopeGround>;
    readonly is: object;
  }>([
    {
      name: "a pause of what has no record",
      command: pause,
      on: none,
      is: write({ paused: true, wrotePause: 1, wroteGrants: 0 }),
    },
    { name: "a pause of what goes on", command: pause, on: {}, is: write({ paused: true, ...paused4 }) },
    { name: "a pause of what is paused", command: pause, on: paused, is: nothing },
    { name: "a resume of what has no record", command: resume, on: none, is: nothing },
    { name: "a resume of what goes on", command: resume, on: {}, is: nothing },
    {
      name: "a resume of what is paused",
      command: resume,
      on: paused,
      is: write({ paused: false, resumedAtMs: 1_000, ...paused4 }),
    },
    { name: "a pause that another came after", command: pause, on: { base: 2 }, is: late },
    { name: "a resume that another came after", command: resume, on: { ...paused, base: 2 }, is: late },
    { name: "a pause before the first", command: pause, on: { ...paused, base: 0 }, is: late },
    {
      name: "a pause that grants came after",
      command: pause,
      on: { base: 2, record: aRecord({ wrotePause: 2, wroteGrants: 3 }) },
      is: write({ paused: true, wrotePause: 4, wroteGrants: 3 }),
    },
    {
      name: "a pause of what an earlier Longshore wrote",
      command: pause,
      on: { record: earlier },
      is: write({ paused: true, wrotePause: 4, wroteGrants: 0 }),
    },
    { name: "one that such a write came after", command: pause, on: { record: earlier, base: 2 }, is: late },
    {
      name: "one of an install that somebody made meanwhile, whom no command told to",
      command: pause,
      on: { record: withoutCommand(anInstallRecord()), base: 0 },
      is: write({ paused: true, wrotePause: 4, wroteGrants: 0 }),
    },
  ])("$name", ({ command, on, is }) => {
    expect(decideScopeChange(command, ground(on))).toStrictEqual(is);
  });
});

const apiVersion = "longshore.dev/v1";
const grants: readonly Grant[] = [{ principal: "AROACI", role: "deployer" }];

function applied(manifest: ScopeManifest): ScopeCommand {
  return { type: "apply", scope: scopeOf(manifest), manifest };
}

/** An apply of namespace `shop`. */
const ofShop = (its: readonly Grant[]) =>
  applied({ apiVersion, kind: "Namespace", metadata: { name: "shop" }, spec: { grants: its } });

/** An apply of the install. */
const ofInstall = (administrators: readonly string[], its: readonly Grant[] = []) =>
  applied({ apiVersion, kind: "Install", spec: { administrators, grants: its } });

describe("grants of a namespace", () => {
  const granted = { record: aRecord({ grants }) };
  const row = { kindShard: "Namespace", kindRow: "shop" };
  const late = superseded("other grants were applied after these were received");

  test.for<{
    readonly name: string;
    readonly to: readonly Grant[];
    readonly on: Partial<ScopeGround>;
    readonly is: object;
  }>([
    {
      name: "the first, where there is no record",
      to: grants,
      on: none,
      is: write({ paused: false, grants, ...row, wrotePause: 0, wroteGrants: 1 }),
    },
    {
      name: "the first, where the namespace was paused by an earlier Longshore: it stays so",
      to: grants,
      on: { record: { ...place, paused: true, lastCommand: "c1" } },
      is: write({ paused: true, grants, ...row, wrotePause: 3, wroteGrants: 4 }),
    },
    { name: "the same again", to: grants, on: granted, is: nothing },
    { name: "none, where there is none", to: [], on: {}, is: nothing },
    { name: "none, where there is no record", to: [], on: none, is: nothing },
    {
      name: "the last is taken away",
      to: [],
      on: granted,
      is: write({ paused: false, grants: [], ...row, wrotePause: 3, wroteGrants: 4 }),
    },
    { name: "that others came after", to: grants, on: { base: 1 }, is: late },
    {
      name: "that a pause came after",
      to: grants,
      on: { base: 2 },
      is: write({ paused: false, grants, ...row, wrotePause: 3, wroteGrants: 4 }),
    },
  ])("$name", ({ to, on, is }) => {
    expect(decideScopeChange(ofShop(to), ground(on))).toStrictEqual(is);
  });
});

describe("administrators", () => {
  const nobody = { record: anInstallRecord() };
  const me = { record: anInstallRecord({ administrators: ["AROAME"] }) };
  const appointed = ["AROASTACK"];
  const written = (administrators: readonly string[]) =>
    write({ paused: false, administrators, grants: [], wrotePause: 3, wroteGrants: 4 });
  const refused = (code: string, says: string) => ({
    kind: "refused",
    issues: [{ code, path: "spec.administrators", message: expect.stringContaining(says) }],
  });

  test.for<{
    readonly name: string;
    readonly to: readonly string[];
    readonly on: Partial<ScopeGround>;
    readonly is: object;
  }>([
    { name: "the first names himself", to: ["AROAME"], on: nobody, is: written(["AROAME"]) },
    {
      name: "the first names himself among others",
      to: ["AROAYOU", "AROAME"],
      on: nobody,
      is: written(["AROAYOU", "AROAME"]),
    },
    { name: "the first names others alone", to: ["AROAYOU"], on: nobody, is: refused("locked-out", '"AROAME"') },
    { name: "another is added", to: ["AROAME", "AROAYOU"], on: me, is: written(["AROAME", "AROAYOU"]) },
    { name: "one hands over", to: ["AROAYOU"], on: me, is: written(["AROAYOU"]) },
    { name: "the same again", to: ["AROAME"], on: me, is: nothing },
    { name: "none, where there is none", to: [], on: nobody, is: nothing },
    {
      name: "the last is not removed",
      to: [],
      on: me,
      is: refused("last-administrator", "must have at least one, got none"),
    },
    {
      name: "the last that is stored is removed where the stack has one",
      to: [],
      on: { ...me, appointed },
      is: written([]),
    },
    {
      name: "others are named where the stack has one",
      to: ["AROAYOU"],
      on: { ...nobody, appointed },
      is: written(["AROAYOU"]),
    },
  ])("$name", ({ to, on, is }) => {
    expect(decideScopeChange(ofInstall(to), ground(on))).toStrictEqual(is);
  });

  test("leave a pause as it is", () => {
    const held = { record: anInstallRecord({ paused: true }) };
    expect(decideScopeChange(ofInstall(["AROAME"]), ground(held))).toMatchObject({ fields: { paused: true } });
  });

  test("are looked at when grants alone change, too", () => {
    expect(decideScopeChange(ofInstall([], grants), ground(me))).toMatchObject({ kind: "refused" });
    expect(decideScopeChange(ofInstall([], grants), ground(nobody))).toMatchObject({
      kind: "write",
      fields: { grants },
    });
  });
});

function withoutCommand({ lastCommand: _, wrotePause: __, wroteGrants: ___, ...record }: InstallRecord): InstallRecord {
  return record;
}
