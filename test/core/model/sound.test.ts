import { describe, expect, test } from "vitest";
import type { Item } from "../../../core/model/records.ts";
import { whyUnsound } from "../../../core/model/sound.ts";

const set = { id: "a", revision: "a", slots: "0", priority: 50, placement: {}, capacity: "ec2", notBeforeMs: 0 };
const plan = { sets: [set], maxLive: 0, barred: [] };
const content = {
  task: { cpuUnits: 1, memoryMib: 1, containers: [] },
  network: { mode: "awsvpc", subnets: [] },
  capacity: "ec2",
};
const rollout = { attempt: 1, revision: "a", startedAtMs: 0 };
const scale = { replicas: 1, recommended: [], moves: [] };
const own: Readonly<Record<string, object>> = {
  "service#shop/web spec": { manifest: {}, generation: 1, lastCommand: "c", deleting: false },
  "service#shop/web state": {
    plan,
    held: { tasks: 0 },
    stops: {},
    backOffs: [],
    conditions: [],
    progress: {},
    generation: 1,
    cluster: "main",
    tombstone: false,
  },
  "service#shop/web revision#a": { revision: "a", content },
  "service#shop/web call#0000000001": {
    seq: 1,
    phase: "sent",
    token: "t",
    members: [{ slot: 0 }],
    firstSentAtMs: 0,
    tries: 1,
  },
  "service#shop/web task#t": {
    taskId: "t",
    token: "t",
    status: "RUNNING",
    ecsVersion: 1,
    createdAtMs: 0,
    health: "UNKNOWN",
  },
  "cluster#main node#n": {
    nodeId: "n",
    status: "ACTIVE",
    agentConnected: true,
    zone: "a",
    attributes: {},
    registered: {},
  },
  "cluster#main notice#shop/web": { tasks: {} },
};
const grant = { principal: "AROA1", role: "owner", verbs: [] };
const places = Object.keys(own);

function record(place: string, changes: object = {}): Item {
  const [partition = "", sort = ""] = place.split(" ");
  return { schema: 1, version: 3, uid: "u", partition, sort, ...own[place], ...changes };
}

describe("a record is sound", () => {
  test.for(places)("as it is written: %s", (place) => {
    expect(whyUnsound(record(place))).toBeUndefined();
  });

  test("with what only a rollout or an autoscaler brings", () => {
    expect(whyUnsound(record("service#shop/web state", { rollout, scale }))).toBeUndefined();
  });

  test.for([
    { place: "install spec", changes: {} },
    { place: "install spec", changes: { administrators: ["AROA1"], grants: [grant] } },
    { place: "namespace#shop spec", changes: {} },
    { place: "namespace#shop spec", changes: { grants: [{ principal: "AROA1" }] } },
  ])("with grants and without: $place $changes", ({ place, changes }) => {
    expect(whyUnsound(record(place, changes))).toBeUndefined();
  });

  test("with fields that this Longshore does not know", () => {
    expect(whyUnsound(record("service#shop/web state", { later: 1 }))).toBeUndefined();
  });

  test.for(["service#shop/web lease", "cluster#main state"])("when nobody decides from its shape: %s", (place) => {
    expect(whyUnsound(record(place))).toBeUndefined();
  });
});

describe("a record is not acted on", () => {
  const fields = Object.entries(own).flatMap(([place, fields]) =>
    Object.keys(fields).map((field) => ({ place, field })),
  );

  test.for(fields)("$place without $field", ({ place, field }) => {
    expect(whyUnsound(record(place, { [field]: undefined }))).toContain("is damaged");
  });

  test.for(fields)("$place with a null for $field", ({ place, field }) => {
    expect(whyUnsound(record(place, { [field]: null }))).toContain("is damaged");
  });

  test("a list where a map belongs", () => {
    expect(whyUnsound(record("service#shop/web state", { stops: [] }))).toBe("state is damaged: stops must be a map");
  });

  const without = <T extends object>(whole: T, field: string) => ({ ...whole, [field]: undefined });
  const deeper: readonly { readonly place: string; readonly of: string; readonly changes: readonly object[] }[] = [
    { place: "state", of: "the plan", changes: Object.keys(plan).map((field) => ({ plan: without(plan, field) })) },
    {
      place: "state",
      of: "a set of the plan",
      changes: [
        ...Object.keys(set).map((field) => ({ plan: { ...plan, sets: [set, without(set, field)] } })),
        { plan: { ...plan, sets: [null] } },
      ],
    },
    {
      place: "state",
      of: "the rollout",
      changes: [...Object.keys(rollout).map((field) => ({ rollout: without(rollout, field) })), { rollout: null }],
    },
    {
      place: "state",
      of: "the scale",
      changes: [...Object.keys(scale).map((field) => ({ scale: without(scale, field) })), { scale: [] }],
    },
    { place: "state", of: "what is held", changes: [{ held: {} }] },
    {
      place: "revision#a",
      of: "its content",
      changes: Object.keys(content).map((field) => ({ content: without(content, field) })),
    },
    {
      place: "revision#a",
      of: "its task",
      changes: Object.keys(content.task).map((field) => ({
        content: { ...content, task: without(content.task, field) },
      })),
    },
    {
      place: "revision#a",
      of: "its network",
      changes: Object.keys(content.network).map((field) => ({
        content: { ...content, network: without(content.network, field) },
      })),
    },
    { place: "call#0000000001", of: "a member", changes: [{ members: [null] }, { members: [{}] }] },
  ];
  test.for(deeper)("$place without a part of $of", ({ place, changes }) => {
    for (const change of changes)
      expect(whyUnsound(record(`service#shop/web ${place}`, change)), JSON.stringify(change)).toContain("must have");
  });

  test.for([
    { place: "install spec", changes: { administrators: "AROA1" }, says: "administrators must be a list" },
    ...["install spec", "namespace#shop spec"].flatMap((place) => [
      { place, changes: { grants: {} }, says: "grants must be a list" },
      { place, changes: { grants: null }, says: "grants must be a list" },
      ...[null, {}, { ...grant, role: 1 }, { ...grant, verbs: "apply" }].map((damaged) => ({
        place,
        changes: { grants: [grant, damaged] },
        says: "a grant must have principal",
      })),
    ]),
  ])("$place with $changes", ({ place, changes, says }) => {
    expect(whyUnsound(record(place, changes))).toBe(`spec is damaged: ${says}`);
  });

  test.for([...places, "service#shop/web lease"])("%s of a newer schema", (place) => {
    expect(whyUnsound(record(place, { schema: 2 }))).toContain(
      "was written by a newer Longshore (schema 2, this one knows 1)",
    );
  });
});
