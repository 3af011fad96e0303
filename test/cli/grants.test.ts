import { describe, expect, test } from "vitest";
import { keys } from "../../core/model/names.ts";
import { type InstallRecord, schema } from "../../core/model/records.ts";
import { anInstall, installText, type MemoryInstall, manifestText, namespaceText } from "./a-session.ts";

const both = `${namespaceText}---\n${installText}`;

/** An install whose grants were applied from the command line, and a service in the namespace. */
async function aGrantedInstall(): Promise<MemoryInstall> {
  const install = anInstall({ input: `${both}---\n${manifestText()}` });
  expect((await install.run("apply", "-f", "-")).code).toBe(0);
  return install;
}

/** An install that only AROAADMIN administrates, on AWS: nobody tells the client who sends. */
async function aForeignInstall(input: string): Promise<MemoryInstall> {
  const install = anInstall({ senderId: "AROACI:build", senders: [], input });
  await install.store.create<InstallRecord>({
    ...keys.install(),
    schema,
    uid: "i1",
    installId: "local000",
    paused: false,
    administrators: ["AROAADMIN"],
  });
  return install;
}

describe("apply", () => {
  test("takes manifests of who may do what, alone and beside services", async () => {
    const { code, out } = await anInstall({ input: `${both}---\n${manifestText()}` }).run("apply", "-f", "-");
    expect(code).toBe(0);
    expect(out.trimEnd().split("\n")).toEqual([
      "namespace shop has 2 grants",
      "the install has 2 administrators and 1 grant",
      "shop/web  accepted as generation 1",
    ]);
  });

  test("says when grants count for nothing yet, and when they are the same", async () => {
    const install = anInstall({ input: namespaceText });
    const idle =
      "; without an administrator, here or of the stack, whoever may send to the commands queue may do everything\n";
    expect((await install.run("apply", "-f", "-")).out).toBe(`namespace shop has 2 grants${idle}`);
    expect((await install.run("apply", "-f", "-")).out).toBe(`unchanged: namespace shop has 2 grants${idle}`);
  });

  test("says that nothing is granted any more", async () => {
    const install = anInstall({ input: namespaceText.replace(/grants: .*/, "grants: [] }") });
    expect((await install.run("apply", "-f", "-")).out).toContain("unchanged: namespace shop has no grants");
  });

  test.for(["--wait", "--yes"])("with %s is the same", async (option) => {
    expect((await anInstall({ input: both }).run("apply", "-f", "-", option)).code).toBe(0);
  });

  test("with --if-generation takes services alone: exit code 2, and nothing is sent", async () => {
    const install = anInstall({ input: both });
    const { code, progress } = await install.run("apply", "-f", "-", "--if-generation", "1");
    expect([code, progress]).toEqual([2, "error: --if-generation goes with a service, not with namespace shop\n"]);
    expect(await install.store.get(keys.namespace("shop"))).toBeUndefined();
  });

  test.for([
    { name: "a service", input: manifestText(), says: "role AROACI may not apply in namespace shop: it has no grant;" },
    {
      name: "grants",
      input: namespaceText,
      says: "role AROACI may not apply namespace shop: only an administrator may;",
    },
    {
      name: "administrators",
      input: installText,
      says: "role AROACI may not apply the install: only an administrator may;",
    },
  ])("of $name without a grant says so, on AWS too: exit code 3", async ({ input, says }) => {
    const { code, progress } = await (await aForeignInstall(input)).run("apply", "-f", "-");
    expect([code, progress]).toEqual([3, expect.stringContaining(says)]);
  });
});

test("delete takes no namespace: exit code 2", async () => {
  const { code, progress } = await anInstall({ input: both }).run("delete", "-f", "-", "--yes");
  expect([code, progress]).toEqual([2, expect.stringContaining("delete takes services, got namespace shop;")]);
});

describe("get grants", () => {
  const all = ["* administrator", "* administrator", "* operator", "shop deployer", "shop pause, resume"];

  test.for([
    { line: "get grants", rows: all },
    { line: "get grant shop", rows: all },
    { line: "get grants -n shop", rows: all },
    { line: "get grants bank", rows: all.slice(0, 3) },
  ])("$line", async ({ line, rows }) => {
    const { code, out } = await (await aGrantedInstall()).run(...line.split(" "));
    expect(code).toBe(0);
    const [heads, ...lines] = out
      .trimEnd()
      .split("\n")
      .map((row) => row.trimEnd().split(/ {2,}/));
    expect(heads).toEqual(["PRINCIPAL", "NAMESPACE", "MAY"]);
    expect(lines.map(([, ...cells]) => cells.join(" "))).toEqual(rows);
  });

  test("as JSON tells the verbs of each", async () => {
    const { out } = await (await aGrantedInstall()).run("get", "grants", "shop", "--json");
    const everything = ["apply", "scale", "delete", "restart", "rollback", "cancel", "pause", "resume"];
    expect(JSON.parse(out).grants).toEqual([
      { principal: "local", namespace: null, role: "administrator", verbs: everything },
      { principal: "AROAADMIN", namespace: null, role: "administrator", verbs: everything },
      {
        principal: "AROAONCALL",
        namespace: null,
        role: "operator",
        verbs: ["scale", "restart", "rollback", "cancel", "pause", "resume"],
      },
      {
        principal: "AROACI",
        namespace: "shop",
        role: "deployer",
        verbs: ["apply", "scale", "restart", "rollback", "cancel"],
      },
      { principal: "AIDAJANE", namespace: "shop", role: null, verbs: ["pause", "resume"] },
    ]);
  });

  test("says that there is none", async () => {
    expect((await anInstall().run("get", "grants")).out).toBe("none\n");
  });

  test.for(["get grants Shop", "get grants shop/web", "get grants shop -n bank"])("%s: exit code 2", async (line) => {
    const { code, progress } = await anInstall().run(...line.split(" "));
    expect([code, progress]).toEqual([2, expect.stringContaining("one namespace must be named, such as shop")]);
  });
});

describe("describe", () => {
  test("of a namespace shows who may do what in it, and what happened", async () => {
    const install = await aGrantedInstall();
    await install.run("pause", "namespace", "shop");
    const { code, out } = await install.run("describe", "namespace", "shop");
    expect(code).toBe(0);
    expect(out).toMatchInlineSnapshot(`
      "namespace shop  paused
        services  1
        held by   the namespace

      grants
        local       *     administrator
        AROAADMIN   *     administrator
        AROAONCALL  *     operator
        AROACI      shop  deployer
        AIDAJANE    shop  pause, resume

      events
        0s    CommandApplied  apply by local: AROACI deployer; AIDAJANE pause, resume
        0s    CommandApplied  pause by local
      "
    `);
  });

  test("of the install shows all of it", async () => {
    const { out } = await (await aGrantedInstall()).run("describe", "install", "--json");
    expect(JSON.parse(out)).toMatchObject({
      name: null,
      paused: null,
      services: 1,
      grants: { length: 5 },
      events: [
        { reason: "CommandApplied", message: "apply by local: administrators local, AROAADMIN; AROAONCALL operator" },
      ],
    });
  });

  test("of a namespace of a paused install says what holds it", async () => {
    const install = await aGrantedInstall();
    await install.run("pause", "install");
    expect(JSON.parse((await install.run("describe", "namespace", "shop", "--json")).out).paused).toBe("install");
  });

  test("of a namespace in which nothing is: exit code 3", async () => {
    const { code, progress } = await anInstall().run("describe", "namespace", "shop");
    expect([code, progress]).toEqual([3, expect.stringContaining("there is nothing in namespace shop")]);
  });
});
