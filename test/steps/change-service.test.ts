import { describe, expect, test } from "vitest";
import { keys } from "../../core/model/names.ts";
import { type RevisionRecord, type SpecRecord, type StateRecord, schema } from "../../core/model/records.ts";
import { revisionContent } from "../../core/model/revision.ts";
import type { Store } from "../../core/ports/store.ts";
import { acceptCommand } from "../../steps/accept.ts";
import { revisionOf } from "../../steps/digest.ts";
import type { CommandMessage } from "../../steps/receive.ts";
import { aMessage, anApply, aScale, historyOf, losing, named, resultOf, specOf } from "../support/accepting.ts";
import { aFailure, aHistory } from "../support/ground.ts";
import { aManifestWith } from "../support/manifests.ts";
import { aRevision, key } from "../support/service.ts";
import { aStage, between, type Mishap, mishapAt, type Stage, sent } from "../support/stage.ts";

const cpuPath = "spec.task.containers[0].cpuUnits";
const aCommand = (type: string, more: object = {}) => aMessage("c9", type, { ...named, ...more });

/** Has a command carried out, under an id of its own. */
async function order({ ports }: Stage, type: string, data: object): Promise<void> {
  await acceptCommand(aMessage(ports.random.uid(), type, data), ports);
}

/** Has a manifest with that CPU applied, and its revision recorded as reconcile does. */
async function ranWith(stage: Stage, cpuUnits: number): Promise<void> {
  await order(stage, "apply", aManifestWith({ [cpuPath]: cpuUnits }));
  await recordRevision(stage);
}

async function recordRevision({ store, ports }: Stage, given: Partial<RevisionRecord> = {}): Promise<RevisionRecord> {
  const spec = await store.get<SpecRecord>(keys.spec(key));
  if (spec === undefined) throw new Error("there is no service to record a revision of");
  const content = revisionContent(spec, ports.settings);
  const revision = revisionOf(content);
  const { task, placement } = spec.manifest.spec;
  const record = aRevision(revision, {
    content,
    generation: spec.generation,
    proven: true,
    given: { task, capacity: placement.capacity },
    uid: spec.uid,
    ...given,
  });
  const found = await store.get<RevisionRecord>(keys.revision(key, revision));
  const stored = found
    ? await store.swap(found, { generation: spec.generation })
    : await store.create<RevisionRecord>(record);
  if (stored === undefined) throw new Error("the revision was not recorded");
  return stored;
}

/** Generations 1, 2 and 3 ran with 128, 256 and 512 CPU units. */
async function aServiceWithPast(): Promise<Stage> {
  const stage = aStage();
  for (const cpuUnits of [128, 256, 512]) await ranWith(stage, cpuUnits);
  sent(stage, "work");
  return stage;
}

/** What reconcile decided of `shop/web`, in its present life. */
async function decided({ store }: Stage, given: Partial<StateRecord>): Promise<void> {
  const spec = await store.get<SpecRecord>(keys.spec(key));
  const { state } = aHistory();
  if (spec === undefined || state === undefined) throw new Error("there is no service to decide about");
  await store.create<StateRecord>({ ...state, uid: spec.uid, generation: spec.generation, ...given });
}

const cpuOf = async (stage: Stage) => (await specOf(stage))?.manifest.spec.task.cpuUnits;
const issuesOf = async (stage: Stage) => (await resultOf(stage, "c9"))?.issues?.map(({ message }) => message);

describe("restart", () => {
  test("makes a generation that runs the same anew, wakes the service and is told", async () => {
    const stage = await aServiceWithPast();
    await acceptCommand(aCommand("restart"), stage.ports);
    expect(await specOf(stage)).toMatchObject({ generation: 4, attempt: 4, restarts: 1 });
    expect(await resultOf(stage, "c9")).toMatchObject({ phase: "applied", generation: 4, object: key });
    expect(sent(stage, "work")).toEqual([{ key, hops: 1 }]);
    expect(await historyOf(stage)).toContainEqual({
      reason: "CommandApplied",
      message: "restart by AIDA: generation 4",
      sender: "AIDA",
    });
  });

  test("that is delivered twice counts once", async () => {
    const stage = await aServiceWithPast();
    await losing(stage, aCommand("restart"));
    await acceptCommand(aCommand("restart"), stage.ports);
    expect(await specOf(stage)).toMatchObject({ generation: 4, restarts: 1 });
  });
});

describe("rollback", () => {
  test("goes back to the revision before", async () => {
    const stage = await aServiceWithPast();
    await acceptCommand(aCommand("rollback"), stage.ports);
    expect(await specOf(stage)).toMatchObject({ generation: 4, attempt: 4, isRollback: true });
    expect(await cpuOf(stage)).toBe(256);
  });

  test("of a rollback undoes it", async () => {
    const stage = await aServiceWithPast();
    await order(stage, "rollback", named);
    await recordRevision(stage);
    await acceptCommand(aCommand("rollback"), stage.ports);
    expect(await cpuOf(stage)).toBe(512);
  });

  test("by a generation, and by the start of a name", async () => {
    const stage = await aServiceWithPast();
    await order(stage, "rollback", { ...named, to: 1 });
    expect(await cpuOf(stage)).toBe(128);
    const revisions = await stage.store.query<RevisionRecord>(keys.service(key), "revision#");
    const second = revisions.find(({ generation }) => generation === 2);
    await acceptCommand(aCommand("rollback", { to: second?.revision.slice(0, 6) }), stage.ports);
    expect(await cpuOf(stage)).toBe(256);
  });

  test("runs the very revision that ran: its restarts come back with it", async () => {
    const stage = aStage();
    await ranWith(stage, 128);
    await order(stage, "restart", named);
    const restarted = await recordRevision(stage);
    await ranWith(stage, 256);
    await order(stage, "restart", named);
    await recordRevision(stage);
    await acceptCommand(aCommand("rollback", { to: restarted.revision }), stage.ports);
    const spec = await specOf(stage);
    expect(spec).toMatchObject({ restarts: 1, generation: 5 });
    expect(spec && revisionOf(revisionContent(spec, stage.ports.settings))).toBe(restarted.revision);
  });

  test("to what is wanted changes nothing", async () => {
    const stage = await aServiceWithPast();
    await acceptCommand(aCommand("rollback", { to: 3 }), stage.ports);
    expect(await resultOf(stage, "c9")).toMatchObject({ phase: "applied", generation: 3 });
    expect(await specOf(stage)).toMatchObject({ generation: 3 });
    expect(await resultOf(stage, "c9")).toMatchObject({ phase: "applied", unchanged: true });
  });

  test("to a start that two names have is refused", async () => {
    const stage = await aServiceWithPast();
    for (const name of ["abcd000001", "abcd000002"]) await stage.store.create(aRevision(name, { generation: 1 }));
    await acceptCommand(aCommand("rollback", { to: "abcd" }), stage.ports);
    expect(await issuesOf(stage)).toEqual([
      expect.stringContaining("abcd is the start of generation 1 (abcd000001) or "),
    ]);
    expect(await resultOf(stage, "c9")).toMatchObject({ phase: "refused" });
    expect(await specOf(stage)).toMatchObject({ generation: 3 });
  });

  test("never goes back to a record that cannot be read", async () => {
    const stage = await aServiceWithPast();
    await stage.store.create(aRevision("abcd000001", { generation: 9, schema: schema + 1 }));
    await acceptCommand(aCommand("rollback"), stage.ports);
    expect(await cpuOf(stage)).toBe(256);
  });
});

describe("cancel", () => {
  test("marks the generation that is under way", async () => {
    const stage = await aServiceWithPast();
    await decided(stage, {});
    await acceptCommand(aCommand("cancel"), stage.ports);
    expect(await specOf(stage)).toMatchObject({ generation: 3, cancelled: 3 });
    expect(await resultOf(stage, "c9")).toMatchObject({ phase: "applied", generation: 3 });
    expect(sent(stage, "work")).toEqual([{ key, hops: 1 }]);
  });

  test.for<{ name: string; given: Partial<StateRecord> }>([
    { name: "an earlier life", given: { uid: "u0" } },
    { name: "a newer Longshore", given: { schema: schema + 1 } },
  ])("heeds no state of $name", async ({ given }) => {
    const stage = await aServiceWithPast();
    await decided(stage, given);
    await acceptCommand(aCommand("cancel"), stage.ports);
    expect(await issuesOf(stage)).toEqual([expect.stringContaining("has never been rolled out completely")]);
  });
});

describe("pause and resume", () => {
  test("of a service stop it and let it go on, without a generation", async () => {
    const stage = await aServiceWithPast();
    await order(stage, "pause", named);
    expect(await specOf(stage)).toMatchObject({ generation: 3, paused: true });
    stage.clock.advance(5_000);
    await acceptCommand(aCommand("resume"), stage.ports);
    expect(await specOf(stage)).toMatchObject({ generation: 3, paused: false, resumedAtMs: stage.clock.nowMs() });
    expect(sent(stage, "work")).toEqual([
      { key, hops: 1 },
      { key, hops: 1 },
    ]);
  });

  test("of the rollout leave the service going", async () => {
    const stage = await aServiceWithPast();
    await order(stage, "pause", { ...named, only: "rollout" });
    expect(await specOf(stage)).toMatchObject({ paused: false, rolloutPaused: true });
    await acceptCommand(aCommand("resume", { only: "rollout" }), stage.ports);
    expect(await specOf(stage)).not.toHaveProperty("rolloutPaused");
  });

  test("a rollout that failed and is paused is tried again", async () => {
    const stage = await aServiceWithPast();
    await decided(stage, aFailure("paused"));
    await acceptCommand(aCommand("resume"), stage.ports);
    expect(await specOf(stage)).toMatchObject({ resumedAtMs: stage.clock.nowMs() });
  });

  test("a pause that comes while a scale is written is not lost, nor is the scale", async () => {
    const stage = await aServiceWithPast();
    const store = between(stage.store, "swap", () => order(stage, "pause", named));
    await acceptCommand(aScale("c9", 2), { ...stage.ports, store });
    const spec = await specOf(stage);
    expect(spec).toMatchObject({ paused: true, generation: 4 });
    expect(spec?.manifest.spec.replicas).toBe(2);
    expect(await resultOf(stage, "c9")).toMatchObject({ phase: "applied", base: 4, baseGeneration: 3 });
  });

  test("the later of two that came at once counts", async () => {
    const stage = await aServiceWithPast();
    await order(stage, "pause", named);
    const store = between(stage.store, "swap", () => order(stage, "resume", named));
    await acceptCommand(aCommand("resume"), { ...stage.ports, store });
    expect(await resultOf(stage, "c9")).toMatchObject({ phase: "superseded" });
    expect(await specOf(stage)).toMatchObject({ paused: false });
  });

  test("a pause whose result was lost gets it from the resume that overwrote it, and is not repeated", async () => {
    const stage = await aServiceWithPast();
    await losing(stage, aCommand("pause"));
    await order(stage, "resume", named);
    expect(await resultOf(stage, "c9")).toMatchObject({ phase: "applied", generation: 3 });
    await acceptCommand(aCommand("pause"), stage.ports);
    expect(await specOf(stage)).toMatchObject({ paused: false });
  });

  test("a pause during a delete tells the generation that comes after it, however often it is delivered", async () => {
    const stage = await aServiceWithPast();
    await order(stage, "delete", named);
    await acceptCommand(anApply("c5"), stage.ports);
    await losing(stage, aCommand("pause"));
    await acceptCommand(aCommand("pause"), stage.ports);
    expect(await specOf(stage)).toMatchObject({ generation: 4, deleting: true, paused: true });
    expect(await resultOf(stage, "c9")).toMatchObject({ phase: "applied", generation: 5 });
  });
});

describe("a write that is lost", () => {
  /** A store in which something else happens before each swap of the spec; `swaps` tells how many there were. */
  function contended(stage: Stage, meanwhile: (count: number) => Promise<unknown>) {
    const counted = { swaps: 0 };
    const swap: Store["swap"] = async (item, changes) => {
      if (item.sort === "spec") {
        counted.swaps += 1;
        await meanwhile(counted.swaps);
      }
      return stage.store.swap(item, changes);
    };
    return { ports: { ...stage.ports, store: { ...stage.store, swap } }, counted };
  }

  test("to another delivery of the same command is told once", async () => {
    const stage = await aServiceWithPast();
    const { ports } = contended(stage, () => acceptCommand(aCommand("restart"), stage.ports));
    await acceptCommand(aCommand("restart"), ports);
    expect(await specOf(stage)).toMatchObject({ generation: 4, restarts: 1 });
    expect((await historyOf(stage)).filter(({ message }) => message.startsWith("restart"))).toHaveLength(1);
  });

  test("to another delivery that lost its result is concluded", async () => {
    const stage = await aServiceWithPast();
    const { ports } = contended(stage, () => losing(stage, aCommand("restart")));
    await acceptCommand(aCommand("restart"), ports);
    expect(await specOf(stage)).toMatchObject({ generation: 4, restarts: 1 });
    expect(await resultOf(stage, "c9")).toMatchObject({ phase: "applied", generation: 4 });
  });

  test("to the end of a delete is superseded", async () => {
    const stage = await aServiceWithPast();
    const { ports } = contended(stage, async () => {
      const spec = await specOf(stage);
      if (spec) await stage.store.remove(spec);
    });
    await acceptCommand(aCommand("restart"), ports);
    expect(await resultOf(stage, "c9")).toMatchObject({ phase: "superseded" });
  });

  test("eight times goes back to the queue", async () => {
    const stage = await aServiceWithPast();
    const { ports, counted } = contended(stage, (count) => order(stage, count % 2 ? "pause" : "resume", named));
    const message = "the spec of shop/web changed 8 times while a command was carried out; it is tried again";
    await expect(acceptCommand(aCommand("restart"), ports)).rejects.toThrow(message);
    expect(counted.swaps).toBe(8);
  });
});

test("what ran before is only read for commands that ask for it", async () => {
  const stage = await aServiceWithPast();
  const query: Store["query"] = () => Promise.reject(new Error("read the past"));
  const ports = { ...stage.ports, store: { ...stage.store, query } };
  await acceptCommand(aScale("c8", 2), ports);
  expect(await specOf(stage)).toMatchObject({ generation: 4 });
  await expect(acceptCommand(aCommand("rollback"), ports)).rejects.toThrow("read the past");
});

test("an apply that was received during a delete makes the service anew when that is over", async () => {
  const stage = await aServiceWithPast();
  await order(stage, "delete", named);
  const store: Store = { ...stage.store, swap: () => Promise.reject(new Error("died before the spec")) };
  await expect(acceptCommand(anApply("c9"), { ...stage.ports, store })).rejects.toThrow("died before the spec");
  const spec = await specOf(stage);
  await decided(stage, { tombstone: true });
  if (spec) await stage.store.remove(spec);
  await acceptCommand(anApply("c9"), stage.ports);
  expect(await resultOf(stage, "c9")).toMatchObject({ phase: "applied", generation: 5 });
  expect(await specOf(stage)).toMatchObject({ generation: 5, version: 1 });
});

describe("whichever write goes wrong, the command takes effect once when it is delivered again", () => {
  const rows: readonly { readonly name: string; readonly message: CommandMessage; readonly before?: object }[] = [
    { name: "restart", message: aCommand("restart") },
    { name: "rollback", message: aCommand("rollback", { to: 1 }) },
    { name: "cancel", message: aCommand("cancel") },
    { name: "pause", message: aCommand("pause") },
    { name: "pause of the rollout", message: aCommand("pause", { only: "rollout" }) },
    { name: "resume", message: aCommand("resume"), before: { ...named } },
  ];
  const mishaps: readonly Mishap[] = ["not applied", "answer lost"];

  async function prepared(before: object | undefined): Promise<Stage> {
    const stage = await aServiceWithPast();
    await decided(stage, {});
    if (before) await order(stage, "pause", before);
    sent(stage, "work");
    return stage;
  }

  test.for(rows.flatMap((row) => mishaps.map((mishap) => ({ ...row, mishap }))))(
    "$name, $mishap",
    async ({ message, before, mishap }) => {
      const calm = await prepared(before);
      const counting = mishapAt(calm.store, 0, mishap);
      await acceptCommand(message, { ...calm.ports, store: counting.store });
      const wanted = await specOf(calm);
      expect(counting.count()).toBeGreaterThan(2);
      for (let number = 1; number <= counting.count(); number += 1) {
        const stage = await prepared(before);
        const { store } = mishapAt(stage.store, number, mishap);
        await expect(acceptCommand(message, { ...stage.ports, store })).rejects.toThrow(`write ${number}`);
        await acceptCommand(message, stage.ports);
        expect(await specOf(stage)).toEqual(wanted);
        expect((await resultOf(stage, "c9"))?.phase).toBe("applied");
        expect(sent(stage, "work")).toContainEqual({ key, hops: 1 });
      }
    },
  );
});
