import { describe, expect, test } from "vitest";
import type { LogLine, LogQuery, LogReader } from "../../aws/logs.ts";
import { Fault } from "../../core/model/fault.ts";
import type { Revision, TaskId } from "../../core/model/ids.ts";
import type { RevisionRecord, TaskRecord } from "../../core/model/records.ts";
import type { Container } from "../../core/model/task-template.ts";
import { aTask } from "../support/drawn-tasks.ts";
import { aContent, aRevision, key } from "../support/service.ts";
import { anInstall, type MemoryInstall, manifestText, type Surroundings } from "./a-session.ts";

const t0 = "0123456789abcdef0123456789abcdef";
const t1 = "fedcba9876543210fedcba9876543210";
const startMs = Date.parse("2026-01-01T00:00:00.000Z");

const awslogs = (prefix = "shop/web"): Container["logs"] => ({
  driver: "awslogs",
  options: { "awslogs-group": "/g", "awslogs-region": "eu-west-1", "awslogs-stream-prefix": prefix },
});

/** Lines as CloudWatch Logs has them; the reader answers a page for each two. */
function aReader(lines: readonly LogLine[], queries: LogQuery[] = []): LogReader {
  return {
    pages: async function* (query) {
      queries.push(query);
      const found = lines.filter(({ stream, atMs }) => stream.startsWith(query.streamPrefix) && atMs >= query.fromMs);
      for (let index = 0; index < found.length; index += 2) yield found.slice(index, index + 2);
    },
    close: () => {},
  };
}

const line = (stream: string, id: number, agoSeconds: number, message = `line ${id}`): LogLine => ({
  id: `${id}`,
  stream,
  atMs: startMs - agoSeconds * 1_000,
  message,
});

const lines = [
  line(`shop/web/app/${t0}`, 1, 7_200),
  line(`shop/web/app/${t0}`, 2, 60),
  line(`shop/web/app/${t1}`, 3, 30),
  line(`shop/web/proxy/${t0}`, 4, 45),
  line(`shop/web/app/${t0}`, 5, 20),
];

interface Given extends Surroundings {
  readonly containers?: readonly (Pick<Container, "name"> & { readonly logs?: Container["logs"] })[];
  readonly revisions?: readonly RevisionRecord[];
}

/** A revision whose containers are called and log so. */
function logging(revision: string, containers: Given["containers"] = [], generation = 1): RevisionRecord {
  const content = aContent();
  const [first] = content.task.containers;
  const all = containers.map((container) => ({ ...first, ...container }) as Container);
  return aRevision(revision, { generation, content: { ...content, task: { ...content.task, containers: all } } });
}

/** shop/web with a revision, and two tasks of it. */
async function anInstallThatLogs(given: Given = {}): Promise<MemoryInstall> {
  const { containers = ["app", "proxy"].map((name) => ({ name, logs: awslogs() })), ...surroundings } = given;
  const install = anInstall({ input: manifestText(), logs: aReader(lines), ...surroundings });
  await install.run("apply", "-f", "-");
  for (const revision of given.revisions ?? [logging("aaaaaaaaaa", containers)])
    await install.store.create<RevisionRecord>(revision);
  for (const taskId of [t0, t1])
    await install.store.create<TaskRecord>(
      aTask("t0", {
        sort: `task#${taskId}`,
        taskId: taskId as TaskId,
        revision: (taskId === t0 ? "aaaaaaaaaa" : "bbbbbbbbbb") as Revision,
      }),
    );
  return install;
}

const logs = (install: MemoryInstall, options = "") => install.run(...`logs shop/web ${options}`.trim().split(" "));
const numbers = (out: string) => [...out.matchAll(/line (\d+)/g)].map(([, number]) => Number(number));

describe("logs", () => {
  test("show the lines of an hour, those of all containers by their time", async () => {
    const { code, out, progress } = await logs(await anInstallThatLogs());
    expect([code, progress, out]).toEqual([
      0,
      "",
      [
        "0123456789ab/app  line 2\n",
        "0123456789ab/proxy  line 4\n",
        "fedcba987654/app  line 3\n",
        "0123456789ab/app  line 5\n",
      ].join(""),
    ]);
  });

  test.for([
    { options: "--since 3h", shown: [1, 2, 4, 3, 5] },
    { options: "--since 40s", shown: [3, 5] },
    { options: "--tail 2", shown: [3, 5] },
    { options: "--tail 0", shown: [] },
    { options: "--container proxy", shown: [4] },
    { options: "--task 0123", shown: [2, 4, 5] },
    { options: "--task 0123456789ab… --container app", shown: [2, 5] },
  ])("$options", async ({ options, shown }) => {
    expect(numbers((await logs(await anInstallThatLogs(), options)).out)).toEqual(shown);
  });

  test("are one document with --json", async () => {
    const { out } = await logs(await anInstallThatLogs(), "--tail 1 --json");
    expect(JSON.parse(out)).toEqual({
      logs: [{ at: "2025-12-31T23:59:40.000Z", task: t0, container: "app", message: "line 5" }],
    });
  });

  test("leave out colours, and escape what else a terminal would obey", async () => {
    const stream = `shop/web/app/${t0}`;
    const reader = aReader([line(stream, 1, 10, "\u001b[31mred\u001b[0m\tone\ntwo\u001b[2J")]);
    const { out } = await logs(await anInstallThatLogs({ logs: reader }));
    expect(out).toBe("0123456789ab/app  red    one\n0123456789ab/app  two\\u001b[2J\n");
  });

  test("say how many were left out because there are too many", async () => {
    const many = Array.from({ length: 10_003 }, (_, index) => line(`shop/web/app/${t0}`, index, 10));
    const { out, progress } = await logs(await anInstallThatLogs({ logs: aReader(many) }));
    expect([numbers(out).length, numbers(out)[0], progress]).toEqual([10_000, 3, "3 earlier lines are left out\n"]);
  });
});

describe("logs --follow", () => {
  /** Each pause adds the next lines, which may stand before those that were read. */
  async function following(later: readonly (readonly LogLine[])[], options: string, given: Given = {}) {
    const all = [...lines];
    const left = [...later];
    const onPause = async () => void all.push(...(left.shift() ?? []));
    const queries: LogQuery[] = [];
    const install = await anInstallThatLogs({ logs: aReader(all, queries), onPause, ...given });
    return { ...(await logs(install, `-f ${options}`)), queries };
  }

  test("goes on with what is added, each line once, late ones too", async () => {
    const app = `shop/web/app/${t0}`;
    const later = [[line(app, 6, -1)], [line(`shop/web/proxy/${t0}`, 7, 10)], [line(app, 8, -3)]];
    const { code, out } = await following(later, "--tail 1 --timeout 5s");
    expect([code, numbers(out)]).toEqual([0, [5, 6, 7, 8]]);
  });

  test("reads no more than the last seconds again", async () => {
    const { queries } = await following([], "--timeout 2s");
    const [first, ...others] = queries.map(({ fromMs }) => startMs - fromMs);
    expect([first, new Set(others.slice(1))]).toEqual([3_600_000, new Set([35_000])]);
  });

  test("goes on with one JSON object a line", async () => {
    const { out } = await following([[line(`shop/web/app/${t0}`, 6, -1)]], "--tail 1 --timeout 3s --json");
    const messages = out
      .trimEnd()
      .split("\n")
      .map((each) => JSON.parse(each).message);
    expect(messages).toEqual(["line 5", "line 6"]);
  });

  test("ends when ctrl-C is pressed", async () => {
    expect((await following([], "", { endsAfterPauses: 2 })).code).toBe(0);
  });

  test("finds a revision that logs elsewhere", async () => {
    const revision = logging("bbbbbbbbbb", [{ name: "app", logs: awslogs("elsewhere") }], 2);
    let isThere = false;
    const onPause = async ({ store }: MemoryInstall) => {
      if (!isThere) await store.create<RevisionRecord>(revision);
      isThere = true;
    };
    const all = [...lines, line(`elsewhere/app/${t1}`, 6, 1), line("elsewhere/app/another", 7, 1)];
    const install = await anInstallThatLogs({ logs: aReader(all), onPause });
    expect(numbers((await logs(install, "-f --tail 1 --timeout 3s")).out)).toEqual([5, 6]);
  });
});

describe("logs that cannot be read", () => {
  const named = (logs?: Container["logs"]): Given => ({ containers: [{ name: "app", ...(logs && { logs }) }] });
  test.for<{ name: string; given?: Given; options?: string; code?: number; says: string }>([
    {
      name: "no driver, and no default",
      given: named(),
      says: `container app of ${key} names no log driver, and the install has no log group; longshore logs reads what awslogs wrote`,
    },
    {
      name: "another driver",
      given: named({ driver: "splunk", options: {} }),
      says: `container app of ${key} has the log driver splunk`,
    },
    {
      name: "no prefix",
      given: named({ driver: "awslogs", options: { "awslogs-group": "/g", "awslogs-region": "eu-west-1" } }),
      says: "has the log driver awslogs without the option awslogs-stream-prefix",
    },
    {
      name: "no such container",
      options: "--container db",
      says: `container must be one of ${key}, which are app, proxy, got "db"`,
    },
    { name: "no such task", options: "--task abc", says: `"abc" is no task of ${key}; longshore get tasks ${key}` },
    {
      name: "no such group",
      given: {
        logs: {
          // biome-ignore lint/correctness/useYield: it fails before its first page.
          pages: async function* () {
            throw new Fault("terminal", "ResourceNotFoundException", "logs FilterLogEvents was refused");
          },
          close: () => {},
        },
      },
      says: "there is no log group /g in eu-west-1; create it",
    },
    {
      name: "nobody answers",
      given: {
        logs: {
          // biome-ignore lint/correctness/useYield: it fails before its first page.
          pages: async function* () {
            throw new Fault("transient", "TimeoutError", "logs FilterLogEvents failed");
          },
          close: () => {},
        },
      },
      code: 1,
      says: "logs FilterLogEvents failed",
    },
  ])("$name", async ({ given, options = "", code = 3, says }) => {
    const ended = await logs(await anInstallThatLogs(given), options);
    expect([ended.code, ended.progress]).toEqual([code, expect.stringContaining(says)]);
  });

  test("a task by a start that is not its own", async () => {
    const install = await anInstallThatLogs();
    await install.store.create<TaskRecord>(aTask("t0", { sort: "task#01", taskId: "01" as TaskId }));
    const { code, progress } = await logs(install, "--task 01");
    expect([code, progress]).toEqual([3, expect.stringContaining('"01" is the start of 2 tasks; name more of it')]);
  });

  test("what one container of two wrote is shown, whatever the other has", async () => {
    const containers = [{ name: "app", logs: awslogs() }, { name: "proxy" }];
    expect(numbers((await logs(await anInstallThatLogs({ containers }))).out)).toEqual([2, 3, 5]);
  });

  test("a service that was not looked at yet has no lines", async () => {
    const { code, out } = await logs(await anInstallThatLogs({ revisions: [] }));
    expect([code, out]).toEqual([0, ""]);
  });

  test.for([
    { options: "", says: "no lines in the last 1h; --since looks further back\n" },
    { options: "--since 90s", says: "no lines in the last 90s; --since looks further back\n" },
    { options: "--follow --timeout 1s", says: "no lines in the last 1h; --since looks further back\n" },
    { options: "--tail 0", says: "" },
    { options: "--json", says: "" },
  ])("that there are none is told, unless nobody asked: $options", async ({ options, says }) => {
    const { progress } = await logs(await anInstallThatLogs({ logs: aReader([]) }), options);
    expect(progress).toBe(says);
  });
});
