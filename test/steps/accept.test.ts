import { describe, expect, test } from "vitest";
import { keys } from "../../core/model/names.ts";
import type { CommandRecord, EventRecord, SpecRecord, StateRecord } from "../../core/model/records.ts";
import type { Store } from "../../core/ports/store.ts";
import { acceptCommand } from "../../steps/accept.ts";
import { digest } from "../../steps/digest.ts";
import { aMessage, anApply, aScale, historyOf, losing, named, resultOf, specOf } from "../support/accepting.ts";
import { aCommandText, aManifestWith } from "../support/manifests.ts";
import { aSpec, key } from "../support/service.ts";
import { aStage, type Stage, sent } from "../support/stage.ts";

const aDelete = (id: string) => aMessage(id, "delete", named);

/** What a command without a source and an id of its own is known by. */
const resultOfMessage = ({ store }: Stage, messageId: string) =>
  store.get<CommandRecord>(keys.command(digest("AIDA", messageId)));

/** The end of a delete: the service is gone, and its tombstone knows the last generation. */
async function finishDelete({ store }: Stage): Promise<void> {
  const spec = await store.get<SpecRecord>(keys.spec(key));
  if (spec === undefined) throw new Error("there is no service to delete");
  const fields = { tombstone: true, generation: spec.generation };
  await store.create<StateRecord>({ ...keys.state(key), schema: 1, uid: spec.uid, ...fields } as StateRecord);
  await store.remove(spec);
}

describe("a command that is redelivered", () => {
  test("a delete whose result was lost leaves the next life of the service alone", async () => {
    const stage = aStage();
    await acceptCommand(anApply("c1"), stage.ports);
    await losing(stage, aDelete("c2"));
    await finishDelete(stage);
    await acceptCommand(anApply("c3"), stage.ports);
    const before = await specOf(stage);
    expect(before).toMatchObject({ deleting: false, generation: 3 });
    await acceptCommand(aDelete("c2"), stage.ports);
    expect(await specOf(stage)).toEqual(before);
    expect(await resultOf(stage, "c2")).toMatchObject({ phase: "applied" });
  });

  test("so does one when the next life has been written as often as the first", async () => {
    const stage = aStage();
    await acceptCommand(anApply("c1"), stage.ports);
    await losing(stage, aDelete("c2"));
    await finishDelete(stage);
    await acceptCommand(anApply("c3"), stage.ports);
    for (const replicas of [2, 3, 4]) await acceptCommand(aScale(`s${replicas}`, replicas), stage.ports);
    const before = await specOf(stage);
    await acceptCommand(aDelete("c2"), stage.ports);
    expect(await specOf(stage)).toEqual(before);
  });

  test("a scale whose result was lost gets it from the delete that overwrote it, and is not repeated in the next life", async () => {
    const stage = aStage();
    await acceptCommand(anApply("c1"), stage.ports);
    await losing(stage, aScale("c2", 3));
    await acceptCommand(aDelete("c3"), stage.ports);
    await finishDelete(stage);
    await acceptCommand(anApply("c4"), stage.ports);
    await acceptCommand(aScale("c2", 3), stage.ports);
    expect((await specOf(stage))?.manifest.spec.replicas).toBe(1);
    expect(await resultOf(stage, "c2")).toMatchObject({ phase: "applied", generation: 2 });
  });

  test("a scale that was never carried out is superseded in the next life", async () => {
    const stage = aStage();
    await acceptCommand(anApply("c1"), stage.ports);
    const store: Store = { ...stage.store, swap: () => Promise.reject(new Error("died before the spec")) };
    await expect(acceptCommand(aScale("c2", 3), { ...stage.ports, store })).rejects.toThrow("died before the spec");
    await acceptCommand(aDelete("c3"), stage.ports);
    await finishDelete(stage);
    await acceptCommand(anApply("c4"), stage.ports);
    await acceptCommand(aScale("c2", 3), stage.ports);
    expect((await specOf(stage))?.manifest.spec.replicas).toBe(1);
    expect(await resultOf(stage, "c2")).toMatchObject({ phase: "superseded" });
  });

  test("an apply that waits for a delete tells the generation that it will be", async () => {
    const stage = aStage();
    await acceptCommand(anApply("c1"), stage.ports);
    await acceptCommand(aDelete("c2"), stage.ports);
    await losing(stage, anApply("c3", 2));
    expect(await specOf(stage)).toMatchObject({ generation: 2, deleting: true, next: { manifest: expect.anything() } });
    await acceptCommand(anApply("c3", 2), stage.ports);
    expect(await resultOf(stage, "c3")).toMatchObject({ phase: "applied", generation: 3 });
  });

  test("one that got its result changes nothing, and wakes nobody", async () => {
    const stage = aStage();
    await acceptCommand(anApply("c1"), stage.ports);
    await acceptCommand(aScale("c2", 3), stage.ports);
    const before = [await specOf(stage), await resultOf(stage, "c1"), await historyOf(stage)];
    sent(stage, "work");
    await acceptCommand(anApply("c1"), stage.ports);
    expect([await specOf(stage), await resultOf(stage, "c1"), await historyOf(stage)]).toEqual(before);
    expect(sent(stage, "work")).toEqual([]);
  });

  test("one whose result was lost gets it, and wakes the service again", async () => {
    const stage = aStage();
    await losing(stage, anApply("c1"));
    const before = await specOf(stage);
    sent(stage, "work");
    await acceptCommand(anApply("c1"), stage.ports);
    expect(await specOf(stage)).toEqual(before);
    expect(await resultOf(stage, "c1")).toMatchObject({ phase: "applied", generation: 1 });
    expect(sent(stage, "work")).toEqual([{ key, hops: 1 }]);
  });
});

describe("a source and an id that were used for another body", () => {
  const reused = { ...anApply("c1", 2), messageId: "m2" };
  const message = "this source and id were used for another body before; give each command an id of its own";

  test("refuse the second, under its sender and message, and the first keeps its result", async () => {
    const stage = aStage();
    await acceptCommand(anApply("c1"), stage.ports);
    const before = [await specOf(stage), await resultOf(stage, "c1")];
    await acceptCommand(reused, stage.ports);
    expect([await specOf(stage), await resultOf(stage, "c1")]).toEqual(before);
    expect(await resultOfMessage(stage, "m2")).toMatchObject({
      phase: "refused",
      object: key,
      issues: [{ code: "id-reused", path: "id", message }],
    });
  });

  test("are told of in the history, once", async () => {
    const stage = aStage();
    await acceptCommand(anApply("c1"), stage.ports);
    await acceptCommand(reused, stage.ports);
    await acceptCommand(reused, stage.ports);
    const told = (await historyOf(stage)).filter(({ reason }) => reason === "CommandRefused");
    expect(told).toEqual([{ reason: "CommandRefused", message: `apply by AIDA: ${message}`, sender: "AIDA" }]);
  });

  test("are another sender's own", async () => {
    const stage = aStage();
    await acceptCommand(anApply("c1"), stage.ports);
    await acceptCommand({ ...reused, senderId: "AROA:other" }, stage.ports);
    expect((await specOf(stage))?.manifest.spec.replicas).toBe(2);
  });
});

describe("a spec that this Longshore cannot read", () => {
  test.for<{ name: string; given: Partial<SpecRecord>; reason: string }>([
    {
      name: "of a newer schema",
      given: { schema: 2 },
      reason: "spec was written by a newer Longshore (schema 2, this one knows 1)",
    },
    {
      name: "that is damaged",
      given: { generation: "one" as unknown as number },
      reason: "spec is damaged: generation must be a number",
    },
  ])("$name is not overwritten, and the command is told why", async ({ given, reason }) => {
    const stage = aStage();
    const before = await stage.store.create<SpecRecord>(aSpec({}, given));
    await acceptCommand(aScale("c2", 5), stage.ports);
    expect(await specOf(stage)).toEqual(before);
    const message = `the stored ${reason}; upgrade Longshore, or mend the record, then send the command again`;
    expect(await resultOf(stage, "c2")).toMatchObject({
      phase: "refused",
      issues: [{ code: "unsound", path: "", message }],
    });
  });
});

describe("bad input gets a result, and is never thrown back at the queue", () => {
  test.for<{ name: string; body: string }>([
    { name: "no JSON", body: "{" },
    { name: "nothing", body: "" },
    { name: "no event", body: "[]" },
    { name: "a type that there is not", body: aCommandText("explode", named, { id: undefined })[0] },
  ])("$name", async ({ body }) => {
    const stage = aStage();
    const message = { body, sizeBytes: body.length, senderId: "AIDA", messageId: "m1" };
    await acceptCommand(message, stage.ports);
    const result = await resultOfMessage(stage, "m1");
    expect(result?.phase).toBe("refused");
    expect(result?.issues).not.toHaveLength(0);
    expect(await specOf(stage)).toBeUndefined();
    expect(sent(stage, "work")).toEqual([]);
  });

  test("a manifest with several things amiss names each, and the service's history tells them", async () => {
    const stage = aStage();
    const data = aManifestWith({ "spec.replicas": -1, "spec.colour": "red" });
    await acceptCommand(aMessage("c1", "apply", data), stage.ports);
    const result = await resultOf(stage, "c1");
    expect(result).toMatchObject({ phase: "refused", object: key });
    expect(result?.issues?.map(({ path }) => path).toSorted()).toEqual(["spec.colour", "spec.replicas"]);
    expect((await historyOf(stage)).map(({ reason }) => reason)).toEqual(["CommandRefused"]);
    expect(await specOf(stage)).toBeUndefined();
  });
});

describe("what is kept of a command", () => {
  test("is its record, for two weeks", async () => {
    const stage = aStage();
    const nowMs = stage.clock.nowMs();
    await acceptCommand(anApply("c1"), stage.ports);
    expect(await resultOf(stage, "c1")).toEqual({
      ...keys.command(digest("AIDA", "ci/shop", "c1")),
      schema: 1,
      version: 2,
      uid: "c1",
      phase: "applied",
      sender: "AIDA",
      type: "dev.longshore.apply",
      bodyHash: digest(anApply("c1").body),
      receivedAtMs: nowMs,
      object: key,
      base: 0,
      baseGeneration: 0,
      generation: 1,
      expiresAt: Math.floor(nowMs / 1000) + 1_209_600,
    });
  });

  test("is 128 characters of its type", async () => {
    const stage = aStage();
    await acceptCommand(aMessage("c1", "x".repeat(200), named), stage.ports);
    expect((await resultOf(stage, "c1"))?.type).toBe(`dev.longshore.${"x".repeat(114)}`);
  });

  test("is a line of history: normal when it took effect, a warning when not, and no longer than 1,000 characters", async () => {
    const stage = aStage();
    await acceptCommand(anApply("c1"), stage.ports);
    const variables = Object.fromEntries(Array.from({ length: 90 }, (_, index) => [`V${index}`, 1]));
    const data = aManifestWith({ "spec.task.containers[0].environment": variables });
    await acceptCommand(aMessage("c2", "apply", data), stage.ports);
    const events = await stage.store.query<EventRecord>(keys.events(key));
    const told = events.map(({ type, reason, message }) => ({ type, reason, length: message.length }));
    expect(told).toHaveLength(2);
    expect(told).toContainEqual({
      type: "normal",
      reason: "CommandApplied",
      length: "apply by AIDA: generation 1".length,
    });
    expect(told).toContainEqual({ type: "warning", reason: "CommandRefused", length: 1_000 });
  });

  test("is a line of log, without what the history tells", async () => {
    const stage = aStage();
    await acceptCommand(anApply("c1"), stage.ports);
    await acceptCommand(aMessage("c2", "apply", aManifestWith({ "spec.replicas": -1 })), stage.ports);
    const who = { sender: "AIDA", type: "dev.longshore.apply", service: key };
    expect(stage.log.entries).toEqual([
      { level: "info", message: "applied a command", ...who, generation: 1 },
      { level: "warn", message: "refused a command", ...who },
    ]);
  });
});
