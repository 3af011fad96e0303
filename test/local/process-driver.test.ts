import { afterEach, describe, expect, test } from "vitest";
import { type ProcessDriver, processDriver } from "../../local/process-driver.ts";
import type { ContainerOrder } from "../../sim/ecs/api.ts";
import { eventually } from "./eventually.ts";
import { isAlive } from "./processes.ts";

const taskArn = "arn:aws:ecs:us-east-1:000000000000:task/longshore/0123456789abcdef0123456789abcdef";
const drivers: ProcessDriver[] = [];

afterEach(async () => {
  await Promise.all(drivers.splice(0).map((driver) => driver.close()));
});

/** A driver, and all that it reported, a line each. */
function aDriver() {
  const reports: string[] = [];
  const hostPorts: Record<number, number>[] = [];
  const lines: string[] = [];
  const driver = processDriver({
    onOutput: (_task, container, stream, line) => lines.push(`${container} ${stream} ${line}`),
  });
  drivers.push(driver);
  driver.connect({
    started: (_task, container, ports) => {
      reports.push(`${container} started`);
      hostPorts.push(ports);
    },
    failed: (_task, _container, reason) => void reports.push(reason),
    exited: (_task, container, { code }) => void reports.push(`${container} exited ${code}`),
    health: (_task, container, health) => void reports.push(`${container} ${health}`),
  });
  return { driver, reports, hostPorts, lines };
}

const anOrder = (changes: Partial<ContainerOrder> = {}): ContainerOrder => ({
  taskArn,
  cluster: "longshore",
  container: "app",
  image: "shop/web:1",
  entryPoint: [],
  command: [],
  environment: {},
  ports: [],
  stopTimeoutSeconds: 5,
  attempt: 1,
  ...changes,
});

/** A container that runs this JavaScript. */
const running = (script: string, changes: Partial<ContainerOrder> = {}) =>
  anOrder({ entryPoint: [process.execPath, "-e"], command: [script], ...changes });

const forever = "setInterval(() => {}, 1000)";
const reported = (reports: readonly string[], report: string) =>
  eventually(report, () => reports.includes(report) || undefined);
const printed = (lines: readonly string[], begin: string) =>
  eventually(`a line that begins with "${begin}"`, () =>
    lines.find((line) => line.startsWith(begin))?.slice(begin.length),
  );

describe("a container that starts", () => {
  test("is reached at the port that it was given", async () => {
    const { driver, hostPorts, reports } = aDriver();
    const script = `require("node:http").createServer((_, answer) => answer.end(process.env.GREETING)).listen(process.env.PORT, process.env.HOST)`;
    driver.start(
      running(script, {
        ports: [{ containerPort: 8080, protocol: "tcp" }],
        environment: { GREETING: "ahoy", PORT: "1" },
      }),
    );
    await reported(reports, "app started");
    const answer = await eventually("an answer", () =>
      fetch(`http://127.0.0.1:${hostPorts[0]?.[8080]}`).then(
        (response) => response.text(),
        () => undefined,
      ),
    );
    expect(answer).toBe("ahoy");
  });

  test("gets a port for each that it declares", async () => {
    const { driver, hostPorts, lines } = aDriver();
    const ports = [8080, 9090].map((containerPort) => ({ containerPort, protocol: "tcp" }));
    driver.start(running(`console.log(process.env.PORT, process.env.PORT_8080, process.env.PORT_9090)`, { ports }));
    const [first, second, third] = (await printed(lines, "app stdout ")).split(" ");
    await eventually("its start", () => hostPorts[0]);
    expect({ 8080: Number(first), 9090: Number(third) }).toEqual(hostPorts[0]);
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  test("sees its own environment, and of this machine's only what finds programs", async () => {
    const { driver, lines } = aDriver();
    process.env.LONGSHORE_TEST_SECRET = "hunter2";
    driver.start(running(`console.log(Object.keys(process.env).sort().join(" "))`, { environment: { LEVEL: "info" } }));
    const names = (await printed(lines, "app stdout ")).split(" ");
    delete process.env.LONGSHORE_TEST_SECRET;
    expect(names).toEqual(expect.arrayContaining(["HOST", "LEVEL", "PATH"]));
    expect(names).not.toContain("LONGSHORE_TEST_SECRET");
    expect(names).not.toContain("PORT");
  });

  test("runs in its working directory", async () => {
    const { driver, lines } = aDriver();
    driver.start(running("console.log(process.cwd())", { workingDirectory: "/" }));
    expect(await printed(lines, "app stdout ")).toBe("/");
  });

  test("runs without a shell", async () => {
    const { driver, lines } = aDriver();
    driver.start(running("console.log(process.argv[1])", { command: ["console.log(process.argv[1])", "$HOME; ls"] }));
    expect(await printed(lines, "app stdout ")).toBe("$HOME; ls");
  });

  test("is started once, however often that is asked for", async () => {
    const { driver, reports, lines } = aDriver();
    for (let times = 0; times < 3; times++) driver.start(running(`console.log("up"); ${forever}`));
    await printed(lines, "app stdout up");
    driver.start(running(`console.log("up"); ${forever}`));
    driver.stop(taskArn, "app");
    await reported(reports, "app exited 143");
    expect(lines).toEqual(["app stdout up"]);
    expect(reports).toEqual(["app started", "app exited 143"]);
  });

  test("starts again in its next life", async () => {
    const { driver, reports } = aDriver();
    driver.start(running("process.exit(1)"));
    await reported(reports, "app exited 1");
    driver.start(running("process.exit(2)", { attempt: 2 }));
    await reported(reports, "app exited 2");
    expect(reports).toEqual(["app started", "app exited 1", "app started", "app exited 2"]);
  });
});

describe("a container that cannot start", () => {
  test.for([
    {
      name: "it has no command",
      order: anOrder(),
      reason: "the process driver runs a container's command, and container app has none; give it a command",
    },
    {
      name: "its command is not found",
      order: anOrder({ command: ["no-such-program", "--now"] }),
      reason: `container app's command "no-such-program" was not found on this machine`,
    },
    {
      name: "its command is no program",
      order: anOrder({ command: ["/"] }),
      reason: `container app's command "/" may not be executed`,
    },
    {
      name: "its working directory does not exist",
      order: running(forever, { workingDirectory: "/no/such/place" }),
      reason: `container app's working directory "/no/such/place" does not exist on this machine`,
    },
  ])("$name", async ({ order, reason }) => {
    const { driver, reports } = aDriver();
    driver.start(order);
    await eventually("a report", () => reports[0]);
    expect(reports).toEqual([`CannotStartContainerError: ${reason}`]);
  });

  test("its command is nothing that this machine could run", async () => {
    const { driver, reports } = aDriver();
    driver.start(running("\0"));
    expect(await eventually("a report", () => reports[0])).toMatch(
      /^CannotStartContainerError: container app could not be started: /,
    );
  });
});

describe("a container that ends", () => {
  test.for([
    { name: "by itself", script: "process.exit(7)", code: 7 },
    { name: "by a signal", script: "process.kill(process.pid, 'SIGKILL')", code: 137 },
  ])("$name", async ({ script, code }) => {
    const { driver, reports } = aDriver();
    driver.start(running(script));
    await reported(reports, `app exited ${code}`);
    expect(reports).toEqual(["app started", `app exited ${code}`]);
  });

  test("takes along what it left running", async () => {
    const { driver, lines } = aDriver();
    const script = `const child = require("node:child_process").spawn(process.execPath, ["-e", "${forever}"]); console.log(child.pid); setTimeout(() => process.exit(0), 50)`;
    driver.start(running(script));
    const pid = Number(await printed(lines, "app stdout "));
    await eventually("its child is gone", () => !isAlive(pid) || undefined);
  });

  test("is asked to by SIGTERM first", async () => {
    const { driver, reports, lines } = aDriver();
    driver.start(running(`process.on("SIGTERM", () => process.exit(3)); console.log("up"); ${forever}`));
    await printed(lines, "app stdout up");
    driver.stop(taskArn, "app");
    await reported(reports, "app exited 3");
  });

  test("is killed after its stop timeout when it ignores that", async () => {
    const { driver, reports, lines } = aDriver();
    driver.start(
      running(`process.on("SIGTERM", () => console.log("no")); console.log("up"); ${forever}`, {
        stopTimeoutSeconds: 0.3,
      }),
    );
    await printed(lines, "app stdout up");
    const beginMs = performance.now();
    driver.stop(taskArn, "app");
    await reported(reports, "app exited 137");
    expect(performance.now() - beginMs).toBeGreaterThan(290);
    expect(lines).toEqual(["app stdout up", "app stdout no"]);
  });

  test("before it began, never begins", async () => {
    const { driver, reports, lines } = aDriver();
    driver.start(running(`console.log("up")`, { ports: [{ containerPort: 80, protocol: "tcp" }] }));
    driver.stop(taskArn, "app");
    await driver.close();
    expect(reports).toEqual(["app exited 143"]);
    expect(lines).toEqual([]);
  });

  test("by a crash of its task, is reported as killed", async () => {
    const { driver, reports, lines } = aDriver();
    driver.start(running(`console.log("up"); ${forever}`));
    driver.start(running(`console.log("up"); ${forever}`, { taskArn: "another", container: "other" }));
    await eventually("both", () => (lines.length === 2 ? true : undefined));
    driver.crash(taskArn);
    await reported(reports, "app exited 137");
    expect(reports.toSorted()).toEqual(["app exited 137", "app started", "other started"]);
  });

  test("with its host, ends without a report", async () => {
    const { driver, reports, lines } = aDriver();
    driver.start(running(`console.log(process.pid); ${forever}`));
    const pid = Number(await printed(lines, "app stdout "));
    driver.kill(taskArn, "app");
    await eventually("it is gone", () => !isAlive(pid) || undefined);
    await driver.close();
    expect(reports).toEqual(["app started"]);
  });
});

describe("health", () => {
  const health = (command: readonly string[], changes: Partial<NonNullable<ContainerOrder["health"]>> = {}) => ({
    command,
    intervalSeconds: 0.05,
    timeoutSeconds: 5,
    retries: 2,
    startPeriodSeconds: 0,
    ...changes,
  });

  test("follows the check, which sees the container's environment", async () => {
    const { driver, reports } = aDriver();
    const script = `const server = require("node:http").createServer((_, answer) => answer.end()).listen(process.env.PORT, "127.0.0.1"); setTimeout(() => server.close(), 1500); ${forever}`;
    const check = `fetch("http://127.0.0.1:" + process.env.PORT, { headers: { connection: "close" } }).catch(() => process.exit(1))`;
    driver.start(
      running(script, {
        ports: [{ containerPort: 80, protocol: "tcp" }],
        health: health(["CMD", process.execPath, "-e", check], { startPeriodSeconds: 10 }),
      }),
    );
    await reported(reports, "app UNHEALTHY");
    expect(reports).toEqual(["app started", "app HEALTHY", "app UNHEALTHY"]);
  });

  test("is told by a shell too", async () => {
    const { driver, reports } = aDriver();
    driver.start(running(forever, { environment: { WORD: "x" }, health: health(["CMD-SHELL", `test "$WORD" = x`]) }));
    await reported(reports, "app HEALTHY");
  });

  test("fails when the check takes too long", async () => {
    const { driver, reports } = aDriver();
    driver.start(running(forever, { health: health(["CMD-SHELL", "sleep 60; true"], { timeoutSeconds: 0.05 }) }));
    await reported(reports, "app UNHEALTHY");
  });

  test("fails when the check is not found", async () => {
    const { driver, reports } = aDriver();
    driver.start(running(forever, { health: health(["CMD", "no-such-program"]) }));
    await reported(reports, "app UNHEALTHY");
  });

  test("is not looked at any more when the container has ended", async () => {
    const { driver, reports } = aDriver();
    driver.start(running("setTimeout(() => {}, 100)", { health: health(["CMD-SHELL", "sleep 60"]) }));
    await reported(reports, "app exited 0");
    await driver.close();
    expect(reports).toEqual(["app started", "app exited 0"]);
  });
});

describe("what containers write", () => {
  test("is kept per task and stream", async () => {
    const { driver, reports } = aDriver();
    driver.start(running(`console.log("one\\ntwo"); console.error("three"); process.stdout.write("four")`));
    await reported(reports, "app exited 0");
    const kept = await eventually("four lines", () => {
      const lines = driver.output(taskArn).map(({ stream, line }) => `${stream} ${line}`);
      return lines.length === 4 ? lines : undefined;
    });
    expect(kept.toSorted()).toEqual(["stderr three", "stdout four", "stdout one", "stdout two"]);
    expect(driver.output("another task")).toEqual([]);
  });

  test("is bounded: the last 500 lines, each of up to 4,000 characters", async () => {
    const { driver, lines } = aDriver();
    driver.start(
      running(`for (let i = 0; i < 600; i++) console.log(i); console.log("x".repeat(1e6)); console.log("end")`),
    );
    await printed(lines, "app stdout end");
    const kept = driver.output(taskArn).map(({ line }) => line);
    expect(kept).toHaveLength(500);
    expect(kept[0]).toBe("102");
    expect(kept.at(-2)).toHaveLength(4_000);
  });
});

test("nothing that runs survives close", async () => {
  const { driver, lines, reports } = aDriver();
  for (let task = 0; task < 5; task++) {
    driver.start(
      running(`process.on("SIGTERM", () => {}); console.log(process.pid); ${forever}`, { taskArn: `task/${task}` }),
    );
  }
  const pids = await eventually("five processes", () => (lines.length === 5 ? lines : undefined));
  await driver.close();
  driver.start(running(`console.log("late")`));
  expect(pids.map((line) => Number(line.split(" ")[2])).filter(isAlive)).toEqual([]);
  expect(reports.filter((report) => report !== "app started")).toEqual([]);
});
