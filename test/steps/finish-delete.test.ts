import { expect, test } from "vitest";
import { keys } from "../../core/model/names.ts";
import type { SpecRecord } from "../../core/model/records.ts";
import { acceptCommand } from "../../steps/accept.ts";
import { finishDelete } from "../../steps/finish-delete.ts";
import { aMessage, anApply, losing, named, resultOf, specOf } from "../support/accepting.ts";
import { aManifest, aSpec, key } from "../support/service.ts";
import { aSnapshot } from "../support/snapshot.ts";
import { aStage, sent } from "../support/stage.ts";

test("an apply that came during a delete becomes a first spec, with nothing left of the life before", async () => {
  const stage = aStage();
  const manifest = aManifest({ replicas: 9 });
  const next = { manifest, lastCommand: "c2", acceptedAtMs: 5 };
  const flags = { paused: true, rolloutPaused: true, resumedAtMs: 4, isRollback: true, cancelled: 3, restarts: 2 };
  const spec = await stage.store.create<SpecRecord>(aSpec({}, { deleting: true, next, generation: 3, ...flags }));
  if (spec === undefined) throw new Error("the spec was not made");
  await finishDelete(stage.ports, { ...aSnapshot({ plan: "none" }), spec }, 1);
  expect(await stage.store.get<SpecRecord>(keys.spec(key))).toStrictEqual({
    ...keys.spec(key),
    schema: 1,
    version: 2,
    uid: expect.not.stringMatching(/^u1$/),
    manifest,
    generation: 4,
    attempt: 4,
    acceptedAtMs: 5,
    lastCommand: "c2",
    wroteManifest: 2,
    wroteReplicas: 2,
    wrotePause: 2,
    deleting: false,
    paused: false,
    restarts: 0,
    kindShard: "Service#4",
    kindRow: "shop/web#spec#4",
  });
  expect(sent(stage, "work")).toEqual([{ key, hops: 2 }]);
});

test("a delete whose result was lost gets it before the spec goes: nothing else would say that it took effect", async () => {
  const stage = aStage();
  await acceptCommand(anApply("c1"), stage.ports);
  await losing(stage, aMessage("c2", "delete", named));
  const spec = await specOf(stage);
  if (spec === undefined) throw new Error("the spec was not made");
  await finishDelete(stage.ports, { ...aSnapshot({ plan: "none" }), spec }, 1);
  expect(await specOf(stage)).toBeUndefined();
  expect(await resultOf(stage, "c2")).toMatchObject({ phase: "applied", generation: 2 });
});
