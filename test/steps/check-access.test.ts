import { describe, expect, test } from "vitest";
import type { Grant } from "../../core/model/grants.ts";
import { keys } from "../../core/model/names.ts";
import { type InstallRecord, type Item, type NamespaceRecord, schema } from "../../core/model/records.ts";
import { acceptCommand } from "../../steps/accept.ts";
import { aMessage, anApply, aScale, from, historyOf, losing, named, resultOf, specOf } from "../support/accepting.ts";
import { aGuardedStage, aNamespace, anInstallManifest } from "../support/access.ts";
import { aManifestWith } from "../support/manifests.ts";
import { aStage, type Stage, sent } from "../support/stage.ts";

const admin = "AROAADMIN";
const ci = "AROACI";
const deployer: readonly Grant[] = [{ principal: ci, role: "deployer" }];
const shop = { kind: "Namespace", name: "shop" } as const;
const install = { kind: "Install" } as const;
const shopNamespace = { kind: "Namespace", metadata: { name: "shop" } } as const;

const accepted = async ({ ports }: Stage, sender: string, message: ReturnType<typeof aMessage>) =>
  acceptCommand(from(sender, message), ports);
const phaseOf = async (stage: Stage, id: string, sender: string) => (await resultOf(stage, id, sender))?.phase;
const namespaceOf = ({ store }: Stage) => store.get<NamespaceRecord>(keys.namespace("shop"));
const installOf = ({ store }: Stage) => store.get<InstallRecord>(keys.install());
const guarded = () => aGuardedStage({ administrators: [admin], grants: { shop: deployer } });

/** Everything that is stored but results and histories: what a refused command must leave as it is. */
const storedOf = async ({ store }: Stage): Promise<readonly (Item | undefined)[]> => [
  ...(await store.query<Item>("service#shop/web")),
  ...(await store.query<Item>("service#bank/web")),
  ...(await store.query<Item>("namespace#shop")),
  ...(await store.query<Item>("namespace#bank")),
  ...(await store.query<Item>("install")),
];

const inBank = (id: string) => aMessage(id, "apply", aManifestWith({ "metadata.namespace": "bank" }));

describe("while there is no administrator", () => {
  test.for([
    { name: "with grants of others", stage: () => aGuardedStage({ grants: { shop: deployer } }) },
    { name: "with nothing at all", stage: async () => aStage() },
  ])("anybody is allowed everything, $name", async ({ stage: made }) => {
    const stage = await made();
    await accepted(stage, "", anApply("c1"));
    await accepted(stage, "111122223333:jane", aMessage("c2", "pause", install));
    await accepted(stage, "192.0.2.7", aMessage("c3", "apply", aNamespace([])));
    expect(await phaseOf(stage, "c1", "")).toBe("applied");
    expect(await phaseOf(stage, "c2", "111122223333")).toBe("applied");
    expect(await phaseOf(stage, "c3", "192.0.2.7")).toBe("applied");
  });
});

describe("once there is one", () => {
  test.for([
    { name: "an administrator", sender: admin, message: inBank("c9"), phase: "applied" },
    { name: "an administrator, under any session", sender: `${admin}:jane`, message: inBank("c9"), phase: "applied" },
    { name: "whoever is granted it there", sender: `${ci}:build`, message: anApply("c9", 3), phase: "applied" },
    { name: "whoever is granted it elsewhere", sender: ci, message: inBank("c9"), phase: "refused" },
    { name: "whoever is granted other verbs", sender: ci, message: aMessage("c9", "delete", named), phase: "refused" },
    { name: "nobody", sender: "", message: anApply("c9"), phase: "refused" },
    { name: "somebody unknown", sender: "AROAOTHER", message: anApply("c9"), phase: "refused" },
    {
      name: "a session of an administrator's name",
      sender: `AROAOTHER:${admin}`,
      message: anApply("c9"),
      phase: "refused",
    },
    { name: "an account", sender: "111122223333", message: anApply("c9"), phase: "refused" },
    { name: "somebody federated", sender: `111122223333:${admin}`, message: anApply("c9"), phase: "refused" },
    { name: "an address", sender: "192.0.2.7", message: anApply("c9"), phase: "refused" },
    { name: "an address of six", sender: "2001:db8::1", message: anApply("c9"), phase: "refused" },
    {
      name: "a pause by a deployer",
      sender: ci,
      message: aMessage("c9", "pause", { kind: "Namespace", metadata: { name: "shop" } }),
      phase: "refused",
    },
    {
      name: "grants by a deployer",
      sender: ci,
      message: aMessage("c9", "apply", aNamespace([{ principal: ci, role: "owner" }])),
      phase: "refused",
    },
    {
      name: "administrators by a deployer",
      sender: ci,
      message: aMessage("c9", "apply", anInstallManifest([ci])),
      phase: "refused",
    },
    { name: "the kill switch by a deployer", sender: ci, message: aMessage("c9", "pause", install), phase: "refused" },
  ])("$name: $phase", async ({ sender, message, phase }) => {
    const stage = await guarded();
    const before = await storedOf(stage);
    await accepted(stage, sender, message);
    expect(await phaseOf(stage, "c9", sender.split(":")[0] ?? "")).toBe(phase);
    if (phase === "applied") return;
    expect(await storedOf(stage)).toEqual(before);
    expect(sent(stage, "work")).toEqual([]);
  });

  test.for([
    { name: "an account", principal: "111122223333", sender: "111122223333:jane" },
    { name: "an address", principal: "192.0.2.7", sender: "192.0.2.7" },
    { name: "a name of a local cluster", principal: "local", sender: "local" },
  ])("$name is allowed what is granted to just that", async ({ principal, sender }) => {
    const stage = await aGuardedStage({ administrators: [admin], grants: { shop: [{ principal, verbs: ["apply"] }] } });
    await accepted(stage, sender, anApply("c9"));
    expect(await phaseOf(stage, "c9", principal)).toBe("applied");
  });

  test("a grant everywhere counts in every namespace", async () => {
    const stage = await aGuardedStage({ administrators: [admin], everywhere: deployer });
    await accepted(stage, ci, inBank("c9"));
    expect(await phaseOf(stage, "c9", ci)).toBe("applied");
  });

  test.for([{ administrators: [] }, { administrators: ["AROAOTHER"] }])(
    "an administrator of the stack is one, whoever is stored: $administrators",
    async (given) => {
      const stage = await aGuardedStage({ ...given, appointed: [admin] });
      await accepted(stage, admin, aMessage("c1", "apply", aNamespace(deployer)));
      await accepted(stage, ci, anApply("c2"));
      await accepted(stage, "AROAUNKNOWN", anApply("c3"));
      expect(await phaseOf(stage, "c1", admin)).toBe("applied");
      expect(await phaseOf(stage, "c2", ci)).toBe("applied");
      expect(await phaseOf(stage, "c3", "AROAUNKNOWN")).toBe("refused");
    },
  );

  test("what the body says of who sent it counts for nothing", async () => {
    const stage = await guarded();
    const claims = { source: admin, sender: admin, subject: admin, senderid: admin, principal: admin };
    await accepted(stage, "AROAOTHER", anApply("c9", 1, claims));
    expect(await specOf(stage)).toBeUndefined();
    expect((await historyOf(stage)).map(({ reason, sender }) => [reason, sender])).toEqual([
      ["CommandRefused", "AROAOTHER"],
    ]);
  });
});

describe("a refusal", () => {
  const says =
    'role AROACI may not delete in namespace shop: it has no grant; an administrator can add { principal: "AROACI", verbs: [delete] }, or a role (owner), to spec.grants of kind Namespace, name shop';

  test("is the command's result, with who sent it and what, for good", async () => {
    const stage = await guarded();
    await accepted(stage, `${ci}:build`, aMessage("c9", "delete", named));
    expect(await resultOf(stage, "c9", ci)).toMatchObject({
      phase: "refused",
      sender: ci,
      type: "dev.longshore.delete",
      object: "shop/web",
      issues: [{ code: "forbidden", path: "", message: says }],
    });
  });

  test("is a line in the history of the service, and of log", async () => {
    const stage = await guarded();
    await accepted(stage, ci, aMessage("c9", "delete", named));
    expect(await historyOf(stage)).toEqual([
      { reason: "CommandRefused", message: `delete by ${ci}: ${says}`, sender: ci },
    ]);
    const line = { level: "warn", message: "refused a command", sender: ci, type: "dev.longshore.delete" };
    expect(stage.log.entries).toEqual([{ ...line, service: "shop/web" }]);
  });

  test.for([
    { scope: shop, data: aNamespace([{ principal: ci, role: "owner" }]), is: "may not apply namespace shop" },
    { scope: install, data: anInstallManifest([ci]), is: "may not apply the install" },
  ])("is a line in the history of $scope.kind", async ({ scope, data, is }) => {
    const stage = await guarded();
    await accepted(stage, ci, aMessage("c9", "apply", data));
    expect(await resultOf(stage, "c9", ci)).toMatchObject({ phase: "refused", scope });
    const [line, ...more] = await historyOf(stage, scope);
    expect(line).toMatchObject({ reason: "CommandRefused", message: expect.stringContaining(is), sender: ci });
    expect(more).toEqual([]);
  });

  test("makes no record of an install or a namespace that has none", async () => {
    const stage = aStage();
    const ports = { ...stage.ports, settings: { ...stage.ports.settings, administrators: [admin] } };
    await acceptCommand(from(ci, aMessage("c1", "pause", install)), ports);
    await acceptCommand(from(ci, aMessage("c2", "apply", aNamespace(deployer))), ports);
    await acceptCommand(from(ci, anApply("c3")), ports);
    expect(await storedOf(stage)).toEqual([]);
  });

  test("tells nothing of what is there", async () => {
    const stage = await guarded();
    await accepted(stage, admin, anApply("c1"));
    await accepted(stage, "AROAOTHER", aMessage("c2", "rollback", { ...named, to: 7 }));
    const result = await resultOf(stage, "c2", "AROAOTHER");
    expect(result?.issues?.map(({ code }) => code)).toEqual(["forbidden"]);
  });
});

describe("what is decided of a command", () => {
  const revoke = (stage: Stage) => accepted(stage, admin, aMessage("revoke", "apply", aNamespace([])));

  test("is by the grants of when it is worked on: one that was revoked since it was received is refused", async () => {
    const stage = await guarded();
    await accepted(stage, admin, anApply("c1"));
    const swap = () => Promise.reject(new Error("died before the spec"));
    const dying = { ...stage.ports, store: { ...stage.store, swap } };
    await expect(acceptCommand(from(ci, aScale("c2", 3)), dying)).rejects.toThrow("died before the spec");
    await revoke(stage);
    await accepted(stage, ci, aScale("c2", 3));
    expect(await phaseOf(stage, "c2", ci)).toBe("refused");
    expect((await specOf(stage))?.manifest.spec.replicas).toBe(1);
  });

  test("stays so when it took effect: revoked since, it still gets its result, and wakes the service", async () => {
    const stage = await guarded();
    await losing(stage, from(ci, anApply("c1")));
    await revoke(stage);
    sent(stage, "work");
    await accepted(stage, ci, anApply("c1"));
    expect(await resultOf(stage, "c1", ci)).toMatchObject({ phase: "applied", generation: 1 });
    expect(sent(stage, "work")).toHaveLength(1);
  });

  test("stays so when grants took effect that took away the sender's own right", async () => {
    const stage = await guarded();
    await losing(stage, from(admin, aMessage("c1", "apply", anInstallManifest(["AROAHEIR"]))));
    await accepted(stage, admin, aMessage("c1", "apply", anInstallManifest(["AROAHEIR"])));
    expect(await phaseOf(stage, "c1", admin)).toBe("applied");
    await accepted(stage, admin, anApply("c2"));
    expect(await phaseOf(stage, "c2", admin)).toBe("refused");
  });

  test("stays so when it was refused: granted since, the same command delivered again is refused still", async () => {
    const stage = await guarded();
    await accepted(stage, ci, aMessage("c1", "delete", named));
    await accepted(stage, admin, aMessage("c2", "apply", aNamespace([{ principal: ci, role: "owner" }])));
    const before = [await resultOf(stage, "c1", ci), await historyOf(stage)];
    await accepted(stage, ci, aMessage("c1", "delete", named));
    expect([await resultOf(stage, "c1", ci), await historyOf(stage)]).toEqual(before);
  });

  test("is of its first sender: the same source and id of another are another command", async () => {
    const stage = await guarded();
    await accepted(stage, ci, anApply("c1"));
    await accepted(stage, "AROAOTHER", anApply("c1"));
    expect([await phaseOf(stage, "c1", ci), await phaseOf(stage, "c1", "AROAOTHER")]).toEqual(["applied", "refused"]);
  });
});

describe("grants", () => {
  test("are stored of a namespace, and counted at once", async () => {
    const stage = await aGuardedStage({ administrators: [admin] });
    await accepted(stage, admin, aMessage("c1", "apply", aNamespace(deployer)));
    await accepted(stage, ci, anApply("c2"));
    expect(await namespaceOf(stage)).toMatchObject({ paused: false, grants: deployer, version: 1 });
    expect(await phaseOf(stage, "c2", ci)).toBe("applied");
    expect(await historyOf(stage, shop)).toEqual([
      { reason: "CommandApplied", message: `apply by ${admin}: ${ci} deployer`, sender: admin },
    ]);
    expect((await stage.store.list("byKind", "Namespace")).map(({ row }) => row)).toEqual(["shop"]);
  });

  test("come beside a pause, and neither takes the other away", async () => {
    const stage = await aGuardedStage({ administrators: [admin] });
    const pause = { kind: "Namespace", metadata: { name: "shop" } };
    await accepted(stage, admin, aMessage("c1", "pause", pause));
    await accepted(stage, admin, aMessage("c2", "apply", aNamespace(deployer)));
    await accepted(stage, admin, aMessage("c3", "resume", pause));
    expect(await namespaceOf(stage)).toMatchObject({ paused: false, grants: deployer });
    await accepted(stage, admin, aMessage("c4", "pause", pause));
    await accepted(stage, admin, aMessage("c5", "apply", aNamespace([])));
    expect(await namespaceOf(stage)).toMatchObject({ paused: true, grants: [] });
  });

  test("that are the same again change nothing", async () => {
    const stage = await guarded();
    const before = await namespaceOf(stage);
    await accepted(stage, admin, aMessage("c1", "apply", aNamespace(deployer)));
    expect(await namespaceOf(stage)).toEqual(before);
    expect(await resultOf(stage, "c1", admin)).toMatchObject({ phase: "applied", unchanged: true });
  });

  test("of an install that has no record yet make it, and switch access control on", async () => {
    const stage = aStage();
    await accepted(stage, admin, aMessage("c1", "apply", anInstallManifest([admin], deployer)));
    expect(await phaseOf(stage, "c1", admin)).toBe("applied");
    expect(await installOf(stage)).toMatchObject({ installId: expect.any(String), administrators: [admin] });
    await accepted(stage, ci, anApply("c2"));
    await accepted(stage, "AROAOTHER", anApply("c3", 2));
    expect([await phaseOf(stage, "c2", ci), await phaseOf(stage, "c3", "AROAOTHER")]).toEqual(["applied", "refused"]);
    expect((await historyOf(stage, install)).map(({ message }) => message)).toEqual([
      `apply by ${admin}: administrators ${admin}; ${ci} deployer`,
    ]);
  });

  test.for([
    { name: "of an earlier Longshore, that has no grants", record: {}, phase: "refused" },
    { name: "of a newer one", record: { schema: schema + 1, grants: deployer }, phase: "refused", code: "unsound" },
    { name: "that is damaged", record: { grants: "everybody" }, phase: "refused", code: "unsound" },
  ])("a namespace's record $name grants nothing, and nothing fails", async ({ record, phase, code = "forbidden" }) => {
    const stage = await aGuardedStage({ administrators: [admin] });
    const old = { ...keys.namespace("shop"), schema, uid: "n1", paused: false, lastCommand: "c0", ...record };
    await stage.store.create<NamespaceRecord>(old as NamespaceRecord);
    await accepted(stage, ci, anApply("c1"));
    expect(await resultOf(stage, "c1", ci)).toMatchObject({ phase, issues: [{ code }] });
  });

  test("that cannot be read hold up nobody who needs none", async () => {
    const stage = await aGuardedStage({ administrators: [admin], everywhere: deployer });
    const damaged = { ...keys.namespace("shop"), schema, uid: "n1", paused: false, lastCommand: "c0", grants: {} };
    await stage.store.create<NamespaceRecord>(damaged as unknown as NamespaceRecord);
    await accepted(stage, admin, anApply("c1"));
    await accepted(stage, ci, anApply("c2", 2));
    expect([await phaseOf(stage, "c1", admin), await phaseOf(stage, "c2", ci)]).toEqual(["applied", "applied"]);
  });

  test("are given in a namespace that an earlier Longshore paused", async () => {
    const stage = await aGuardedStage({ administrators: [admin] });
    const old = { ...keys.namespace("shop"), schema, uid: "n1", paused: true, lastCommand: "c0" };
    await stage.store.create<NamespaceRecord>(old);
    await accepted(stage, admin, aMessage("c1", "apply", aNamespace(deployer)));
    await accepted(stage, ci, anApply("c2"));
    expect(await namespaceOf(stage)).toMatchObject({ paused: true, grants: deployer });
    expect(await phaseOf(stage, "c2", ci)).toBe("applied");
  });

  test("an install's record that cannot be read allows nobody anything", async () => {
    const stage = await aGuardedStage({ administrators: "nobody" as unknown as readonly string[] });
    await accepted(stage, admin, anApply("c1"));
    expect(await resultOf(stage, "c1", admin)).toMatchObject({ phase: "refused", issues: [{ code: "unsound" }] });
  });
});

test("an install's record that cannot be read allows the stack's administrators everything, and nobody else anything", async () => {
  const stage = await aGuardedStage({
    administrators: "nobody" as unknown as readonly string[],
    appointed: [admin],
    grants: { shop: deployer },
  });
  await accepted(stage, admin, anApply("c1"));
  await accepted(stage, ci, anApply("c2", 2));
  expect(await phaseOf(stage, "c1", admin)).toBe("applied");
  expect(await resultOf(stage, "c2", ci)).toMatchObject({ phase: "refused", issues: [{ code: "unsound" }] });
});

describe("a pass that stood still since it was allowed", () => {
  /** Nothing is read of the place that a command writes before the pass stood still for a minute. */
  const late = (stage: Stage, place: { readonly partition: string; readonly sort: string }) => ({
    ...stage.ports,
    store: {
      ...stage.ports.store,
      get: async <R extends Item>(wanted: { readonly partition: string; readonly sort: string }) => {
        const found = await stage.store.get<R>(wanted);
        if (wanted.partition === place.partition && wanted.sort === place.sort) stage.clock.advance(60_000);
        return found;
      },
    },
  });

  test("writes no spec: the command comes again, and is refused by then", async () => {
    const stage = await guarded();
    const ports = late(stage, keys.spec("shop/web" as never));
    await expect(acceptCommand(from(ci, anApply("c1")), ports)).rejects.toThrow("older than 5 s");
    expect(await specOf(stage)).toBeUndefined();
    await accepted(stage, admin, aMessage("c2", "apply", aNamespace([])));
    await accepted(stage, ci, anApply("c1"));
    expect([await phaseOf(stage, "c1", ci), await specOf(stage)]).toEqual(["refused", undefined]);
  });

  test("writes no pause either", async () => {
    const stage = await guarded();
    const message = from(admin, aMessage("c1", "pause", shopNamespace));
    await expect(acceptCommand(message, late(stage, keys.namespace("shop")))).rejects.toThrow("older than 5 s");
    expect((await namespaceOf(stage))?.paused).not.toBe(true);
  });
});

describe("administrators", () => {
  test("the last one is not removed, and that is told", async () => {
    const stage = await guarded();
    await accepted(stage, admin, aMessage("c1", "apply", anInstallManifest([])));
    expect(await resultOf(stage, "c1", admin)).toMatchObject({
      phase: "refused",
      issues: [{ code: "last-administrator", path: "spec.administrators" }],
    });
    expect((await installOf(stage))?.administrators).toEqual([admin]);
  });

  test("of two who remove each other at once one stays", async () => {
    const stage = await aGuardedStage({ administrators: [admin, "AROAHEIR"] });
    await Promise.all([
      accepted(stage, admin, aMessage("c1", "apply", anInstallManifest([admin]))),
      accepted(stage, "AROAHEIR", aMessage("c2", "apply", anInstallManifest(["AROAHEIR"]))),
    ]);
    const phases = [await phaseOf(stage, "c1", admin), await phaseOf(stage, "c2", "AROAHEIR")];
    expect(phases.toSorted()).toEqual(["applied", "superseded"]);
    expect((await installOf(stage))?.administrators).toHaveLength(1);
  });

  test("those of the stack stay, whatever a manifest says", async () => {
    const stage = await aGuardedStage({ administrators: ["AROAOTHER"], appointed: [admin] });
    await accepted(stage, "AROAOTHER", aMessage("c1", "apply", anInstallManifest(["AROAOTHER"])));
    await accepted(stage, admin, aMessage("c2", "apply", anInstallManifest([])));
    await accepted(stage, admin, anApply("c3"));
    expect(await phaseOf(stage, "c3", admin)).toBe("applied");
    expect((await installOf(stage))?.administrators).toEqual([]);
  });
});
