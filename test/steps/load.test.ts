import { expect, test } from "vitest";
import { keys } from "../../core/model/names.ts";
import { type NamespaceRecord, type SpecRecord, schema } from "../../core/model/records.ts";
import { readInstall } from "../../steps/install.ts";
import { loadSnapshot, readService } from "../../steps/load.ts";
import { aSpec, key } from "../support/service.ts";
import { aStage, type Stage } from "../support/stage.ts";

interface Pause {
  readonly paused?: boolean;
  readonly resumedAtMs?: number;
}

/** `shop/web`, with what is known of the pauses of its install, its namespace and itself. */
async function aPausable(given: { install?: Pause; namespace?: Pause; service?: Pause }): Promise<Stage> {
  const stage = aStage();
  await stage.store.swap(await readInstall(stage.ports), given.install ?? {});
  const place = { ...keys.namespace("shop"), schema, uid: "n1", lastCommand: "c1" };
  if (given.namespace) await stage.store.create<NamespaceRecord>({ ...place, paused: false, ...given.namespace });
  await stage.store.create<SpecRecord>(aSpec({}, given.service));
  return stage;
}

test.for<{ readonly name: string; readonly given: Parameters<typeof aPausable>[0]; readonly is: Required<Pause> }>([
  { name: "nothing", given: {}, is: { paused: false, resumedAtMs: 0 } },
  { name: "its install's", given: { install: { paused: true } }, is: { paused: true, resumedAtMs: 0 } },
  { name: "its namespace's", given: { namespace: { paused: true } }, is: { paused: true, resumedAtMs: 0 } },
  { name: "its own", given: { service: { paused: true } }, is: { paused: true, resumedAtMs: 0 } },
  {
    name: "the latest end, its install's",
    given: { install: { resumedAtMs: 3 }, namespace: { resumedAtMs: 2 }, service: { resumedAtMs: 1 } },
    is: { paused: false, resumedAtMs: 3 },
  },
  {
    name: "the latest end, its namespace's",
    given: { install: { resumedAtMs: 1 }, namespace: { resumedAtMs: 3 }, service: { resumedAtMs: 2 } },
    is: { paused: false, resumedAtMs: 3 },
  },
  {
    name: "the latest end, its own, in spite of a pause that goes on",
    given: { install: { resumedAtMs: 1 }, namespace: { paused: true }, service: { resumedAtMs: 3 } },
    is: { paused: true, resumedAtMs: 3 },
  },
])("of the pauses of a service it reads $name", async ({ given, is }) => {
  const { ports } = await aPausable(given);
  expect(await readService(ports, key)).toMatchObject(is);
  expect(await loadSnapshot(ports, key, false)).toMatchObject(is);
});
