import { describe, expect, test } from "vitest";
import { aService, forever, useCluster } from "./a-cluster.ts";

const cluster = useCluster();
const { longshore, json } = cluster;

describe("a service that rolls", () => {
  const good = (word: string) => aService("web", `console.log("${word}"); ${forever}`, { replicas: 2 });

  test("is updated and live: exit code 0", { timeout: 60_000 }, async () => {
    expect((await longshore("apply -f - --wait", good("one"))).code).toBe(0);
    expect((await longshore("apply -f - --wait", good("two"))).code).toBe(0);
    expect(await json("rollout status shop/web")).toMatchObject({
      rollout: { status: "live", generation: 2, target: { generation: 2 }, stable: { generation: 2 }, available: 2 },
    });
  });

  test("comes back when what replaces it fails: exit code 7", { timeout: 60_000 }, async () => {
    const bad = aService("web", "process.exit(3)", { replicas: 2, rollout: { minReadySeconds: 1 } });
    const { code, progress } = await longshore("apply -f - --wait", bad);
    expect([code, progress]).toEqual([7, expect.stringContaining("generation 3 rolled back: BreakerTripped")]);
    expect((await longshore("rollout status shop/web")).code).toBe(7);
    expect(await json("get services shop/web")).toMatchObject({ services: [{ status: "rolled back" }] });
    const { revisions } = await json("rollout history shop/web");
    const seen = (revisions as { generation: number; marks: string[] }[]).map(({ generation, marks }) => [
      generation,
      marks,
    ]);
    expect(seen).toEqual([
      [3, ["current", "failed"]],
      [2, ["stable", "proven"]],
      [1, ["proven"]],
    ]);
  });

  test("goes back by hand, and restarts", { timeout: 60_000 }, async () => {
    const { code, out } = await longshore("rollout undo shop/web --to 1 --wait");
    expect([code, out]).toEqual([0, expect.stringContaining("generation 4 is live")]);
    expect((await longshore("restart shop/web --wait")).code).toBe(0);
    const { service } = await json("describe shop/web");
    expect(service).toMatchObject({ generation: 5, status: "live" });
  });

  test("is paused with its namespace, and resumed", { timeout: 60_000 }, async () => {
    expect((await longshore("pause namespace shop")).code).toBe(0);
    expect(await json("get services shop/web")).toMatchObject({
      services: [{ status: "paused", paused: "namespace" }],
    });
    expect((await longshore("resume namespace shop")).code).toBe(0);
    expect(await json("get services shop/web")).toMatchObject({ services: [{ status: "live", paused: null }] });
  });

  test("is cancelled, which is what was asked for: exit code 0", { timeout: 60_000 }, async () => {
    const slow = JSON.parse(aService("web", forever, { replicas: 2 }));
    slow.spec.task.containers[0].health = { command: ["CMD", "false"], startPeriodSeconds: 300 };
    const rolling = longshore("apply -f - --wait", JSON.stringify(slow));
    await expect
      .poll(async () => (await longshore("rollout cancel shop/web --wait")).code, { timeout: 30_000 })
      .toBe(0);
    const { code, progress } = await rolling;
    expect([code, progress]).toEqual([7, expect.stringContaining("rolled back: Cancelled")]);
  });

  test("has a history that tells of it", async () => {
    const { out } = await longshore("events shop/web");
    expect(out).toMatch(/CommandApplied {2}rollback by local: generation 4/);
  });
});

describe("a service that prints", () => {
  const script =
    'let n = 0; console.log("begins"); console.error("warns"); setInterval(() => console.log("tick", ++n), 300)';

  test("is heard, and followed", { timeout: 60_000 }, async () => {
    expect((await longshore("apply -f - --wait", aService("talker", script))).code).toBe(0);
    await expect.poll(async () => (await longshore("logs shop/talker")).out, { timeout: 20_000 }).toContain("tick 3");
    const { code, out } = await longshore("logs shop/talker --since 1h");
    expect([code, out]).toEqual([0, expect.stringMatching(/^[0-9a-f]{12}\/app {2}begins$/m)]);
    expect(out).toContain("warns");
    const followed = await longshore("logs shop/talker -f --tail 1 --timeout 3s --json");
    const ticks = followed.out
      .trimEnd()
      .split("\n")
      .map((line) => Number(JSON.parse(line).message.split(" ")[1]));
    expect([followed.code, ticks.length > 3]).toEqual([0, true]);
    const [first = 0] = ticks;
    expect(ticks).toEqual(ticks.map((_, index) => first + index));
  });

  test("is heard in one task, and not without one of that name", async () => {
    const { tasks } = await json("get tasks shop/talker");
    const [{ task }] = tasks as [{ task: string }];
    expect((await longshore(`logs shop/talker --task ${task.slice(0, 8)} --tail 1`)).out).toContain(task.slice(0, 12));
    expect((await longshore("logs shop/talker --task none")).code).toBe(3);
  });

  test("and says where its lines are when it logs elsewhere: exit code 3", { timeout: 60_000 }, async () => {
    const manifest = JSON.parse(aService("silent", forever));
    manifest.spec.task.containers[0].logs = { driver: "json-file" };
    expect((await longshore("apply -f - --wait", JSON.stringify(manifest))).code).toBe(0);
    const { code, progress } = await longshore("logs shop/silent");
    expect([code, progress]).toEqual([3, expect.stringContaining("has the log driver json-file")]);
  });
});

test("and no handler failed meanwhile", () => {
  expect(cluster.faults).toEqual([]);
});
