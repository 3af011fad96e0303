import { describe, expect, test } from "vitest";
import { serviceKey } from "../../core/model/ids.ts";
import { keys } from "../../core/model/names.ts";
import type { SpecRecord } from "../../core/model/records.ts";
import { anInstall, type MemoryInstall, manifestText, type Surroundings } from "./a-session.ts";

const stack: NonNullable<Surroundings["stack"]> = {
  name: "Longshore",
  install: "longshore",
  region: "us-east-1",
  table: "longshore",
  commandsQueueUrl: "https://sqs.us-east-1.amazonaws.com/123456789012/longshore-commands.fifo",
  cluster: "longshore",
  logGroup: "/longshore/longshore",
  retained: async () => [],
};

/** What reconcile does last of a delete. */
async function finish({ store }: MemoryInstall, name: string): Promise<void> {
  const spec = await store.get<SpecRecord>(keys.spec(serviceKey("shop", name)));
  if (spec?.deleting) await store.remove(spec);
}

async function apply(install: MemoryInstall): Promise<void> {
  expect((await install.run("apply", "-f", "-")).code).toBe(0);
}

const both = `${manifestText("replicas: 2")}---\n${manifestText("replicas: 1", "worker")}`;
const stopTasks = ["uninstall", "--stop-tasks"];

describe("uninstall --stop-tasks", () => {
  test("says how to go on once every service is gone", async () => {
    const order = ["worker", "web"];
    const onPause = (install: MemoryInstall) => finish(install, order.shift() ?? "");
    const install = anInstall({ stack, input: both, answer: "yes", onPause });
    await apply(install);
    const { code, out, progress } = await install.run(...stopTasks);
    expect([code, out]).toEqual([
      0,
      expect.stringMatching(
        /^stack Longshore .*: 0 services, 0 tasks\n\nDelete the stack.*\nNothing of it stays then\.\n$/s,
      ),
    ]);
    expect(progress).toContain("uninstall  1 of 2 services are gone; shop/web: stopping its tasks: 0 left\n");
    expect(progress).toContain("shop/worker  deleted: nothing is left of it\n");
  });

  test.for<{ name: string; given: Surroundings; line?: readonly string[]; code: number; says: string }>([
    {
      name: "the answer is no",
      given: { answer: "n" },
      code: 2,
      says: "not deleted: the answer was not yes",
    },
    {
      name: "the time is up first",
      given: { answer: "y" },
      line: ["--timeout", "5s"],
      code: 6,
      says: "timed out: not gone within 5 s: stopping its tasks: 0 left",
    },
    {
      name: "a service is applied again meanwhile",
      given: {
        answer: "y",
        onPause: async ({ store }) => {
          const spec = await store.get<SpecRecord>(keys.spec(serviceKey("shop", "web")));
          if (spec && spec.next === undefined) await store.swap(spec, { next: { manifest: spec.manifest } as never });
        },
      },
      code: 5,
      says: "it was applied again meanwhile",
    },
    {
      name: "another is applied meanwhile",
      given: {
        answer: "y",
        onPause: async (install) => {
          await install.connection.send(event("late"), "shop/late");
          await finish(install, "web");
        },
      },
      code: 5,
      says: "shop/late  superseded: it was applied meanwhile; run this again",
    },
  ])("says nothing of how to go on when $name", async ({ given, line = [], code, says }) => {
    const install = anInstall({ stack, input: manifestText(), ...given });
    await apply(install);
    const ended = await install.run(...stopTasks, ...line);
    expect([ended.code, ended.out]).toEqual([code, ""]);
    expect(ended.progress).toContain(says);
  });

  test("goes by the records where the results of its commands do not come", async () => {
    const onPause = (install: MemoryInstall) => finish(install, "web");
    const install = anInstall({ stack, input: manifestText(), answer: "y", senders: ["somebody else"], onPause });
    await apply(install);
    expect((await install.run(...stopTasks)).code).toBe(0);
  });
});

function event(name: string): string {
  const container = { name: "app", image: "shop/late:1", cpuUnits: 64, memoryMib: 64 };
  const data = {
    apiVersion: "longshore.dev/v1",
    kind: "Service",
    metadata: { namespace: "shop", name },
    spec: { task: { containers: [container] } },
  };
  return JSON.stringify({ specversion: "1.0", id: name, source: "test", type: "dev.longshore.apply", data });
}
