import { describe, expect, test } from "vitest";
import { anInstall, manifestText } from "./a-session.ts";

const onAws = { senderId: "AROAEXAMPLE:session", senders: [], input: manifestText("replicas: 4") } as const;

const event = (id: string, replicas: number) =>
  JSON.stringify({
    specversion: "1.0",
    id,
    source: "test",
    type: "dev.longshore.scale",
    data: { kind: "Service", metadata: { namespace: "shop", name: "web" }, replicas },
  });

describe("the result of a command whose sender only AWS knows", () => {
  test("is found by the sender that the service's history names", async () => {
    const { code, out } = await anInstall(onAws).run("apply", "-f", "-");
    expect([code, out]).toEqual([0, "shop/web  accepted as generation 1\n"]);
  });

  test("is found when it is a refusal", async () => {
    const install = anInstall(onAws);
    await install.run("apply", "-f", "-");
    expect((await install.run("scale", "shop/web", "--replicas", "1")).code).toBe(3);
  });

  test("stays unknown when it names no service: nothing but its sender leads to it", async () => {
    const { code, progress } = await anInstall({ ...onAws, input: "{" }).run("send", "-");
    expect([code, progress]).toEqual([6, expect.stringContaining("there is no result after 10 s")]);
  });
});

describe("the result of a pause of more than one service, on AWS", () => {
  test.for(["namespace shop", "install"])("is found by the sender that its history names: %s", async (object) => {
    const install = anInstall(onAws);
    const { code, out } = await install.run("pause", ...object.split(" "));
    expect([code, out]).toEqual([0, expect.stringContaining("paused: 0 services; nothing of it starts or stops")]);
  });

  test("is found when it changed nothing", async () => {
    const { code, out } = await anInstall(onAws).run("resume", "install");
    expect([code, out]).toEqual([0, "the install was not paused\n"]);
  });

  test("is found when it is a refusal of a raw event", async () => {
    const data = { kind: "Namespace", metadata: { name: "shop" }, only: "rollout" };
    const raw = JSON.stringify({ specversion: "1.0", id: "1", source: "test", type: "dev.longshore.pause", data });
    const { code, progress } = await anInstall({ ...onAws, input: raw }).run("send", "-");
    expect([code, progress]).toEqual([3, expect.stringContaining("only goes with kind Service")]);
  });
});

test("a pause of a namespace names no service in JSON, and has no generation", async () => {
  const { out } = await anInstall().run("pause", "namespace", "shop", "--json");
  expect(JSON.parse(out).results).toMatchObject([
    { service: null, outcome: "accepted", generation: null, message: expect.stringContaining("namespace shop paused") },
  ]);
});

test.for([
  { type: "pause", data: { kind: "Install" } },
  { type: "cancel", data: { kind: "Service", metadata: { namespace: "shop", name: "web" } }, code: 3 },
])("a raw event may $type, too", async ({ type, data, code = 0 }) => {
  const raw = JSON.stringify({ specversion: "1.0", id: "1", source: "test", type: `dev.longshore.${type}`, data });
  expect((await anInstall({ input: raw }).run("send", "-", "--wait")).code).toBe(code);
});

test("the same event again has the same result and no second effect", async () => {
  const install = anInstall({ input: event("one", 3) });
  await install.connection.send(applyEvent(), "shop/web");
  expect((await install.run("send", "-")).out).toBe("shop/web  accepted as generation 2\n");
  expect((await install.run("send", "-")).out).toBe("shop/web  accepted as generation 2\n");
});

test("an id that was used for another body is refused with advice", async () => {
  const install = anInstall({ input: event("one", 3) });
  await install.connection.send(applyEvent(), "shop/web");
  await install.connection.send(event("one", 2), "shop/web");
  const { code, progress } = await install.run("send", "-");
  expect([code, progress]).toEqual([
    3,
    expect.stringContaining('source "test" and id "one" were used for another body'),
  ]);
});

function applyEvent(): string {
  const data = {
    apiVersion: "longshore.dev/v1",
    kind: "Service",
    metadata: { namespace: "shop", name: "web" },
    spec: { task: { containers: [{ name: "app", image: "a", cpuUnits: 64, memoryMib: 64 }] } },
  };
  return JSON.stringify({ specversion: "1.0", id: "apply", source: "test", type: "dev.longshore.apply", data });
}
