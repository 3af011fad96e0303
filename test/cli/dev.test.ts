import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect } from "../../cli/connection.ts";
import { eventually } from "../local/eventually.ts";

const program = fileURLToPath(new URL("../../cli/longshore.js", import.meta.url));
const children: ChildProcess[] = [];
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "longshore-"));
});
afterAll(async () => {
  for (const child of children) child.kill("SIGKILL");
  await rm(directory, { recursive: true });
});

/** The command as a user starts it; what it writes is kept. */
function start(args: readonly string[], url = "") {
  const child = spawn(process.execPath, [program, ...args], {
    cwd: directory,
    env: { PATH: process.env.PATH, AWS_ENDPOINT_URL: url },
    stdio: ["pipe", "pipe", "pipe"],
  });
  children.push(child);
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on("line", (line) => lines.push(line));
  const ended = once(child, "close").then(([code]) => code as number);
  const says = (part: string) => eventually(part, () => lines.find((line) => line.includes(part)), 30_000);
  return { child, lines, ended, says };
}

const service = JSON.stringify({
  apiVersion: "longshore.dev/v1",
  kind: "Service",
  metadata: { namespace: "shop", name: "web" },
  spec: {
    replicas: 2,
    task: {
      containers: [
        {
          name: "app",
          image: "node:24",
          command: [process.execPath, "-e", "fs.writeFileSync('pid-' + process.pid, ''); setInterval(() => {}, 1000)"],
          cpuUnits: 64,
          memoryMib: 64,
          ports: [{ name: "http", containerPort: 8080 }],
        },
      ],
    },
  },
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe("longshore dev", { timeout: 90_000 }, () => {
  let url = "";
  let cluster: ReturnType<typeof start>;

  test("says where a client finds it", async () => {
    cluster = start(["dev", "--port", "0"]);
    const line = await cluster.says("AWS_ENDPOINT_URL=");
    url = /'(.*)'/.exec(line)?.[1] ?? "";
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  test("runs what is applied in the directory where it was started, and tells what happens", async () => {
    const apply = start(["apply", "-f", "-", "--wait"], url);
    apply.child.stdin?.end(service);
    expect(await apply.ended).toBe(0);
    await eventually("two tasks", async () => ((await readdir(directory)).length === 2 ? true : undefined));
    await cluster.says("accept     shop/web  applied a command");
    await cluster.says("reconcile  shop/web  generation 1 is live");
    expect(await cluster.says("cluster    shop/web  task ")).toMatch(/ {2}http:\/\/127\.0\.0\.1:\d+$/);
  });

  test("answers a command of its own directory within seconds", async () => {
    const get = start(["get", "services", "--json"], url);
    expect(await get.ended).toBe(0);
    expect(JSON.parse(get.lines.join("\n"))).toMatchObject({ services: [{ name: "web", status: "live" }] });
  });

  test("a second one at its port says that it is taken, and nothing else: exit code 1", async () => {
    const { port } = new URL(url);
    const second = start(["dev", "--port", port]);
    expect(await second.ended).toBe(1);
    expect(second.lines).toEqual([expect.stringContaining(`error: port ${port} of 127.0.0.1 is taken`)]);
  });

  test("a command that waits is interrupted by ctrl-C: exit code 130", async () => {
    const apply = start(["apply", "-f", "-", "--wait"], url);
    apply.child.stdin?.end(
      service.replace('"web"', '"slow"').replace('"replicas":2', '"replicas":2,"rollout":{"minReadySeconds":300}'),
    );
    await apply.says("generation 1");
    apply.child.kill("SIGINT");
    expect(await apply.ended).toBe(130);
    expect(apply.lines.at(-1)).toBe("interrupted; what was sent goes on");
  });

  test("stops everything at ctrl-C, and leaves nothing running: exit code 0", async () => {
    const pids = (await readdir(directory)).map((name) => Number(name.replace("pid-", "")));
    expect(pids.filter(isAlive).length).toBeGreaterThanOrEqual(2);
    // As a terminal does, which sends it to the launcher and its child alike.
    cluster.child.kill("SIGINT");
    cluster.child.kill("SIGINT");
    expect(await cluster.ended).toBe(0);
    expect(pids.filter(isAlive)).toEqual([]);
    const connection = await connect({ install: "longshore", endpoint: url }, {});
    await expect(connection.store.list("byKind", "Service#0")).rejects.toThrow(`no cluster answers at ${url}`);
    connection.close();
  });
});
