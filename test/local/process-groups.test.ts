import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { eventually } from "./eventually.ts";
import { isAlive } from "./processes.ts";

const source = fileURLToPath(new URL("../../local/process-groups.ts", import.meta.url));

/** A process that starts another in a group of its own, tells its id, and then does what the script says. */
function owner(ending: string) {
  const script = `
    import { spawnGroup } from ${JSON.stringify(source)};
    const child = spawnGroup(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
    console.log(child.pid);
    setInterval(() => {}, 1000);
    ${ending}`;
  return spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: ["ignore", "pipe", "ignore"] });
}

describe("a group ends with the process that started it", () => {
  test.for([
    { name: "when it is interrupted", script: "", signal: "SIGINT" as const, exit: [null, "SIGINT"] },
    { name: "when it is asked to end", script: "", signal: "SIGTERM" as const, exit: [null, "SIGTERM"] },
    { name: "when its terminal is closed", script: "", signal: "SIGHUP" as const, exit: [null, "SIGHUP"] },
    { name: "when it exits", script: "setTimeout(() => process.exit(4), 50)", signal: undefined, exit: [4, null] },
    {
      name: "when it fails",
      script: "setTimeout(() => { throw new Error('no') }, 50)",
      signal: undefined,
      exit: [1, null],
    },
    {
      name: "when somebody else handles the signal, in the end",
      script: "process.on('SIGTERM', () => setTimeout(() => process.exit(5), 50))",
      signal: "SIGTERM" as const,
      exit: [5, null],
    },
  ])("$name", async ({ script, signal, exit }) => {
    const parent = owner(script);
    const [text] = await once(parent.stdout, "data");
    const pid = Number(String(text));
    expect(isAlive(pid)).toBe(true);
    if (signal) parent.kill(signal);
    expect(await once(parent, "exit")).toEqual(exit);
    await eventually("the group is gone", () => !isAlive(pid) || undefined);
  });
});
