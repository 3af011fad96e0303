import { describe, expect, test } from "vitest";
import type { ServiceKey } from "../../core/model/ids.ts";
import { keys, kindShardOf } from "../../core/model/names.ts";
import { type InstallRecord, type NamespaceRecord, type SpecRecord, schema } from "../../core/model/records.ts";
import type { ItemKey, Store } from "../../core/ports/store.ts";
import { acceptCommand } from "../../steps/accept.ts";
import { readInstall } from "../../steps/install.ts";
import { aMessage, historyOf, losing, resultOf } from "../support/accepting.ts";
import { aSpec, key } from "../support/service.ts";
import { aStage, type Mishap, mishapAt, type Stage, sent } from "../support/stage.ts";

const shop = { kind: "Namespace", metadata: { name: "shop" } };
const install = { kind: "Install" };

async function accepted({ ports }: Stage, id: string, type: string, data: object): Promise<void> {
  await acceptCommand(aMessage(id, type, data), ports);
}

const namespaceOf = ({ store }: Stage) => store.get<NamespaceRecord>(keys.namespace("shop"));
const installOf = ({ store }: Stage) => store.get<InstallRecord>(keys.install());

/** A stage with services of these names, and the state of one of them, which no wake-up must be taken from. */
async function aStageWith(names: readonly string[]): Promise<Stage> {
  const stage = aStage();
  await readInstall(stage.ports);
  for (const name of names) {
    const rows = { kindShard: kindShardOf(name as ServiceKey), kindRow: `${name}#spec#1` };
    await stage.store.create<SpecRecord>(aSpec({}, { ...keys.spec(name as ServiceKey), ...rows }));
  }
  const [first] = names;
  if (first !== undefined) {
    const rows = { kindShard: kindShardOf(first as ServiceKey), kindRow: `${first}#state#1` };
    await stage.store.create({ ...keys.state(first as ServiceKey), schema, uid: "u1", ...rows });
  }
  return stage;
}

/** Takes the wake-ups that are due. */
function takeWoken({ queues }: Stage): readonly unknown[] {
  const messages = queues.receive("work", 1_000);
  for (const { receipt } of messages) queues.remove("work", receipt);
  return messages.map(({ body }) => JSON.parse(body) as unknown);
}

/** The wake-ups of each of the seconds that follow. */
function wokenBySecond(stage: Stage, seconds: number): readonly (readonly unknown[])[] {
  return Array.from({ length: seconds }, () => {
    const woken = takeWoken(stage);
    stage.clock.advance(1_000);
    return woken;
  });
}

test("a pause of a namespace is stored, and wakes nobody", async () => {
  const stage = await aStageWith([key]);
  await accepted(stage, "c1", "pause", shop);
  expect(await namespaceOf(stage)).toMatchObject({ version: 1, schema, paused: true });
  expect(await installOf(stage)).toMatchObject({ paused: false });
  expect(await resultOf(stage, "c1")).toMatchObject({ phase: "applied", type: "dev.longshore.pause" });
  expect(await resultOf(stage, "c1")).not.toHaveProperty("object");
  expect(stage.queues.pending("work")).toBe(0);
  expect(stage.log.entries).toEqual([
    {
      level: "info",
      message: "applied a command",
      sender: "AIDA",
      type: "dev.longshore.pause",
      scope: "namespace shop",
    },
  ]);
});

test("a resume of a namespace says when, and wakes its services alone", async () => {
  const stage = await aStageWith(["shop/web", "shop/api", "shop-eu/web", "bank/shop"]);
  await accepted(stage, "c1", "pause", shop);
  stage.clock.advance(7_000);
  await accepted(stage, "c2", "resume", shop);
  expect(await namespaceOf(stage)).toMatchObject({ paused: false, resumedAtMs: stage.clock.nowMs() });
  const woken = sent(stage, "work") as readonly { readonly key: string; readonly hops: number }[];
  expect(woken.toSorted((a, b) => (a.key < b.key ? -1 : 1))).toEqual([
    { key: "shop/api", hops: 1 },
    { key: "shop/web", hops: 1 },
  ]);
});

test("the install is paused and resumed as a whole", async () => {
  const stage = await aStageWith(["shop/web", "bank/api"]);
  await accepted(stage, "c1", "pause", install);
  const { installId } = await readInstall(stage.ports);
  expect(await installOf(stage)).toMatchObject({ paused: true, installId });
  expect(await namespaceOf(stage)).toBeUndefined();
  expect(stage.queues.pending("work")).toBe(0);
  await accepted(stage, "c2", "resume", install);
  expect(await installOf(stage)).toMatchObject({ paused: false, installId, resumedAtMs: stage.clock.nowMs() });
  expect(sent(stage, "work")).toHaveLength(2);
  expect(stage.log.entries.at(-1)).toMatchObject({ message: "applied a command", scope: "the install" });
});

test("the install may be paused before anything else is done", async () => {
  const stage = aStage();
  await accepted(stage, "c1", "pause", install);
  expect(await installOf(stage)).toMatchObject({ paused: true });
});

describe("a resume spreads its wake-ups", () => {
  test.for([
    { services: 10, perSecond: 10, seconds: 1 },
    { services: 25, perSecond: 10, seconds: 3 },
    { services: 3001, perSecond: 11, seconds: 273 },
    { services: 6000, perSecond: 20, seconds: 300 },
  ])("$services over $seconds s", async ({ services, perSecond, seconds }) => {
    const stage = await aStageWith(Array.from({ length: services }, (_, index) => `shop/s${index}`));
    await accepted(stage, "c1", "pause", shop);
    await accepted(stage, "c2", "resume", shop);
    const woken = wokenBySecond(stage, seconds);
    expect(Math.max(...woken.map(({ length }) => length))).toBe(perSecond);
    expect(woken.at(-1)).not.toHaveLength(0);
    expect(new Set(woken.flat().map((wakeup) => JSON.stringify(wakeup))).size).toBe(services);
  });
});

describe("what is so already changes nothing, and wakes nobody", () => {
  test.for([
    { name: "a resume of what was never paused", before: [], type: "resume", data: shop },
    { name: "a resume of the install", before: [], type: "resume", data: install },
    { name: "a pause of what is paused", before: ["pause"], type: "pause", data: shop },
    { name: "a resume of what was resumed", before: ["pause", "resume"], type: "resume", data: shop },
  ])("$name", async ({ before, type, data }) => {
    const stage = await aStageWith([key]);
    for (const earlier of before) await accepted(stage, earlier, earlier, data);
    const found = [await namespaceOf(stage), await installOf(stage)];
    takeWoken(stage);
    await accepted(stage, "c9", type, data);
    expect([await namespaceOf(stage), await installOf(stage)]).toEqual(found);
    expect(await resultOf(stage, "c9")).toMatchObject({ phase: "applied" });
    expect(stage.queues.pending("work")).toBe(0);
  });
});

/** A store whose first write to a namespace's record comes after something else. */
function afterAnother(store: Store, meanwhile: () => Promise<unknown>): Store {
  let isFirst = true;
  const wait = async ({ partition }: ItemKey) => {
    if (!isFirst || !partition.startsWith("namespace#")) return;
    isFirst = false;
    await meanwhile();
  };
  return {
    ...store,
    create: async (item) => {
      await wait(item);
      return store.create(item);
    },
    swap: async (item, changes) => {
      await wait(item);
      return store.swap(item, changes);
    },
  };
}

describe("of two that come at once the later is superseded", () => {
  test.for([
    { name: "a first pause", before: [], type: "pause" },
    { name: "a resume", before: ["pause"], type: "resume" },
  ])("$name", async ({ before, type }) => {
    const stage = await aStageWith([key]);
    for (const earlier of before) await accepted(stage, earlier, earlier, shop);
    const store = afterAnother(stage.store, () => accepted(stage, "other", type, shop));
    await acceptCommand(aMessage("c9", type, shop), { ...stage.ports, store });
    const message = "another pause or resume came after this one was received";
    expect(await resultOf(stage, "c9")).toMatchObject({
      phase: "superseded",
      issues: [{ code: "superseded", message }],
    });
    expect(await resultOf(stage, "other")).toMatchObject({ phase: "applied" });
    expect(stage.log.entries.at(-1)).toMatchObject({
      level: "warn",
      message: "superseded a command",
      scope: "namespace shop",
      issues: [message],
    });
  });
});

test.for([shop, install])(
  "a pause whose result was lost gets it from the resume, and is not repeated (%#)",
  async (data) => {
    const stage = await aStageWith([key]);
    await losing(stage, aMessage("c1", "pause", data));
    await accepted(stage, "c2", "resume", data);
    expect(await resultOf(stage, "c1")).toMatchObject({ phase: "applied" });
    await accepted(stage, "c1", "pause", data);
    expect((data === shop ? await namespaceOf(stage) : await installOf(stage))?.paused).toBe(false);
  },
);

test("a resume whose result was lost wakes the services again", async () => {
  const stage = await aStageWith([key]);
  await accepted(stage, "c1", "pause", shop);
  await losing(stage, aMessage("c2", "resume", shop));
  takeWoken(stage);
  await accepted(stage, "c2", "resume", shop);
  expect(sent(stage, "work")).toEqual([{ key, hops: 1 }]);
});

test("one that got its result changes nothing, and wakes nobody", async () => {
  const stage = await aStageWith([key]);
  await accepted(stage, "c1", "pause", shop);
  await accepted(stage, "c2", "resume", shop);
  await accepted(stage, "c3", "pause", shop);
  takeWoken(stage);
  await accepted(stage, "c2", "resume", shop);
  expect(await namespaceOf(stage)).toMatchObject({ paused: true });
  expect(stage.queues.pending("work")).toBe(0);
});

test("a record of a newer Longshore is not overwritten, and the command is told why", async () => {
  const stage = await aStageWith([key]);
  const newer = { ...keys.namespace("shop"), schema: schema + 1, uid: "n1", paused: false, lastCommand: "c0" };
  const before = await stage.store.create<NamespaceRecord>(newer);
  await accepted(stage, "c1", "pause", shop);
  expect(await namespaceOf(stage)).toEqual(before);
  const result = await resultOf(stage, "c1");
  expect(result).toMatchObject({ phase: "refused", issues: [{ code: "unsound" }] });
  expect(result?.issues?.[0]?.message).toContain("was written by a newer Longshore");
});

test.for([
  { data: shop, scope: "namespace shop" },
  { data: install, scope: "the install" },
])(
  "a refused one is told of in the history of $scope, and has a line of log, and a result",
  async ({ data, scope }) => {
    const stage = await aStageWith([key]);
    await accepted(stage, "c1", "pause", { ...data, only: "rollout" });
    const message = "only goes with kind Service; the others pause as a whole";
    expect(await resultOf(stage, "c1")).toMatchObject({ phase: "refused", issues: [{ message }] });
    const place = data === shop ? ({ kind: "Namespace", name: "shop" } as const) : ({ kind: "Install" } as const);
    expect(await historyOf(stage, place)).toEqual([
      { reason: "CommandRefused", message: `pause by AIDA: ${message}`, sender: "AIDA" },
    ]);
    const line = { level: "warn", message: "refused a command", sender: "AIDA", type: "dev.longshore.pause" };
    expect(stage.log.entries).toEqual([{ ...line, scope, issues: [message] }]);
  },
);

test("what was done is told of in the history, too, with who did it", async () => {
  const stage = await aStageWith([key]);
  for (const [index, type] of ["pause", "pause", "resume"].entries()) {
    await accepted(stage, `c${index}`, type, shop);
    stage.clock.advance(1);
  }
  expect((await historyOf(stage, { kind: "Namespace", name: "shop" })).map(({ message }) => message)).toEqual([
    "pause by AIDA",
    "pause by AIDA: it was so already",
    "resume by AIDA",
  ]);
});

describe("whichever write goes wrong, the command takes effect once when it is delivered again", () => {
  const rows = [shop, install].flatMap((data) =>
    ["pause", "resume"].flatMap((type) =>
      (["not applied", "answer lost"] as const satisfies readonly Mishap[]).map((mishap) => ({ data, type, mishap })),
    ),
  );

  async function prepared(type: string, data: object): Promise<Stage> {
    const stage = await aStageWith([key]);
    if (type === "resume") await accepted(stage, "before", "pause", data);
    return stage;
  }

  const written = async (stage: Stage) => [await namespaceOf(stage), await installOf(stage)].map(withoutUid);
  const withoutUid = (record: object | undefined) => ({ ...record, uid: "" });

  test.for(rows)("$type of $data.kind, $mishap", async ({ data, type, mishap }) => {
    const message = aMessage("c9", type, data);
    const calm = await prepared(type, data);
    const counting = mishapAt(calm.store, 0, mishap);
    await acceptCommand(message, { ...calm.ports, store: counting.store });
    // Received, the wish, a line of history, the result.
    expect(counting.count()).toBe(4);
    for (let number = 1; number <= counting.count(); number += 1) {
      const stage = await prepared(type, data);
      const { store } = mishapAt(stage.store, number, mishap);
      await expect(acceptCommand(message, { ...stage.ports, store })).rejects.toThrow(`write ${number}`);
      await acceptCommand(message, stage.ports);
      expect(await written(stage)).toEqual(await written(calm));
      expect((await resultOf(stage, "c9"))?.phase).toBe("applied");
      if (type === "resume") expect(sent(stage, "work")).toContainEqual({ key, hops: 1 });
    }
  });
});
