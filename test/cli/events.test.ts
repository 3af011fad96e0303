import { describe, expect, test } from "vitest";
import { keys } from "../../core/model/names.ts";
import { type EventRecord, schema } from "../../core/model/records.ts";
import { key } from "../support/service.ts";
import { anInstall, type MemoryInstall, manifestText, type Surroundings } from "./a-session.ts";

async function tell({ store, clock }: MemoryInstall, message: string, agoMs = 0, reason = "Told"): Promise<void> {
  const atMs = clock.nowMs() - agoMs;
  const sort = `${String(atMs).padStart(14, "0")}-${message}`;
  const event = { type: "warning", reason, message, atMs } as const;
  await store.create<EventRecord>({ partition: keys.events(key), sort, schema, uid: key, ...event });
}

/** An install where two things happened long ago, and more at the pauses of a command. */
async function aHistory(onPause: readonly string[] = [], given: Surroundings = {}): Promise<MemoryInstall> {
  const left = [...onPause];
  const install = anInstall({
    ...given,
    onPause: async (paused) => {
      const message = left.shift();
      if (message !== undefined) await tell(paused, message);
    },
  });
  await tell(install, "one\u001b[2J", 3_600_000);
  await tell(install, "two", 3_500_000);
  return install;
}

describe("events", () => {
  test("show the history, oldest first, with nothing that a terminal obeys", async () => {
    const { code, out } = await (await aHistory()).run("events", "shop/web");
    expect([code, out]).toEqual([
      0,
      "2025-12-31T23:00:00.000Z  Told  one\\u001b[2J\n2025-12-31T23:01:40.000Z  Told  two\n",
    ]);
  });

  test("say that there are none", async () => {
    const install = anInstall({ input: manifestText() });
    await install.run("apply", "-f", "-");
    for (const event of await install.store.query<EventRecord>(keys.events(key))) await install.store.remove(event);
    const { code, out, progress } = await install.run("events", "shop/web");
    expect([code, out, progress]).toEqual([0, "", "no events in the last two weeks\n"]);
  });

  test("have their messages in a column, also when a longer reason comes", async () => {
    const install = await aHistory();
    await tell(install, "three", 3_400_000, "A");
    const { out } = await install.run("events", "shop/web");
    expect(out.split("\n").map((line) => line.slice(26))).toEqual([
      "Told  one\\u001b[2J",
      "Told  two",
      "A     three",
      "",
    ]);
    const followed = await aHistory(["four"]);
    await tell(followed, "three", 3_400_000, "Longer");
    const lines = (await followed.run(..."events shop/web -f --timeout 5s".split(" "))).out.split("\n");
    expect(lines.slice(1).map((line) => line.slice(26))).toEqual(["Told    two", "Longer  three", "Told    four", ""]);
  });

  test("show the last of them", async () => {
    const { out } = await (await aHistory()).run("events", "shop/web", "--tail", "1");
    expect(out).toBe("2025-12-31T23:01:40.000Z  Told  two\n");
  });

  test("are one document with --json", async () => {
    const { out } = await (await aHistory()).run("events", "shop/web", "--json");
    expect(JSON.parse(out)).toEqual({
      events: [
        { at: "2025-12-31T23:00:00.000Z", type: "warning", reason: "Told", message: "one\u001b[2J" },
        { at: "2025-12-31T23:01:40.000Z", type: "warning", reason: "Told", message: "two" },
      ],
    });
  });

  test("go on with what is added, each once, until the time is up", async () => {
    const install = await aHistory(["three", "four"]);
    const { code, out } = await install.run(..."events shop/web -f --tail 1 --timeout 5s".split(" "));
    const messages = out
      .trimEnd()
      .split("\n")
      .map((line) => line.split("  ").at(-1));
    expect([code, messages]).toEqual([0, ["two", "three", "four"]]);
  });

  test("go on with none of before where no tail is wished", async () => {
    const install = await aHistory(["three"]);
    const { out } = await install.run(..."events shop/web -f --tail 0 --timeout 5s".split(" "));
    expect(out.split("\n")).toEqual([expect.stringContaining("three"), ""]);
  });

  test("go on with one JSON object a line", async () => {
    const install = await aHistory(["three"]);
    const { out } = await install.run(..."events shop/web -f --json --timeout 5s".split(" "));
    const lines = out.trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line).message)).toEqual(["one\u001b[2J", "two", "three"]);
    expect(out).not.toContain("\u001b");
  });

  test("end when ctrl-C is pressed", async () => {
    const install = await aHistory(["three", "four"], { endsAfterPauses: 1 });
    const { code, out } = await install.run("events", "shop/web", "-f");
    expect([code, out.split("\n").length]).toEqual([0, 3]);
  });

  test("end when nobody reads them any more", async () => {
    const install = await aHistory(["three", "four"], { closesAfterPauses: 1 });
    const { code, out } = await install.run("events", "shop/web", "-f");
    expect([code, out.split("\n").length]).toEqual([0, 3]);
  });
});
