import { describe, expect, test } from "vitest";
import { serviceKey } from "../../core/model/ids.ts";
import type { Issue } from "../../core/model/issue.ts";
import { keys } from "../../core/model/names.ts";
import type { EventRecord, SpecRecord } from "../../core/model/records.ts";
import { eventually } from "../local/eventually.ts";
import {
  anEvent,
  anObject,
  aService,
  command,
  deadLetters,
  faultsOf,
  messagesIn,
  patienceMs,
  resultOf,
  runs,
  type Stage,
  sendText,
  useStage,
} from "./stage.ts";

const stage = useStage();

/** An issue of this code at this path, whose message says the value and what is allowed. */
const issue = (code: string, path: string, says: RegExp) => ({ code, path, message: expect.stringMatching(says) });

const manifest = aService("bad");
const [container] = manifest.spec.task.containers;

/** The text of a CloudEvent of this id. */
const text = (id: string, type: string, data: unknown, envelope = {}) =>
  JSON.stringify({ ...anEvent(type, id, data), ...envelope });

/** `apply` of the service with another spec. */
const applied = (id: string, spec: object) => text(id, "apply", { ...manifest, spec: { ...manifest.spec, ...spec } });

const cases: readonly {
  readonly name: string;
  /** Of the event; none: what was sent shows none. */
  readonly id?: string;
  readonly text: string;
  readonly issues: readonly Issue[];
}[] = [
  {
    name: "text that is no JSON",
    text: '{"specversion": "1.0",\n  oops',
    issues: [issue("syntax", "", /must be JSON.* line 2, column 3$/)],
  },
  {
    name: "JSON that is no CloudEvent",
    text: '{"hello": "world"}',
    issues: ["specversion", "type", "data"].map((field) => issue("required", field, RegExp(`${field} is required`))),
  },
  {
    name: "a CloudEvent of another version",
    id: "version",
    text: text("version", "apply", manifest, { specversion: "0.3" }),
    issues: [issue("invalid", "specversion", /must be 1\.0, got "0\.3"/)],
  },
  {
    name: "more than 64 KiB",
    text: text("large", "apply", manifest, { padding: "x".repeat(65_536) }),
    issues: [issue("too-large", "", /at most 65536 bytes, got 66\d{3}$/)],
  },
  {
    name: "maps within maps without end",
    text: `{"specversion":"1.0","data":${'{"a":'.repeat(5_000)}1${"}".repeat(5_000)}}`,
    issues: [
      issue("too-deep", expect.stringMatching(/^a(\.a)+$/), /at most 32 deep/),
      issue("required", "type", /type is required/),
    ],
  },
  {
    name: "a key that stands twice",
    id: "twice",
    text: text("twice", "scale", { ...anObject("bad"), replicas: 1 }).replace(
      '"replicas":1',
      '"replicas":1,"replicas":9',
    ),
    issues: [issue("duplicate", "replicas", /must stand once/)],
  },
  {
    name: "a key that reaches for a prototype",
    id: "proto",
    text: applied("proto", {}).replace('"environment":{}', '"environment":{"__proto__":"x"}'),
    issues: [issue("refused-key", "spec.task.containers[0].environment.__proto__", /__proto__ is refused/)],
  },
  {
    name: "a type that there is not",
    id: "type",
    text: text("type", "explode", manifest),
    issues: [issue("unknown", "type", /must be dev\.longshore\.apply, .*, got "dev\.longshore\.explode"/)],
  },
  {
    name: "a type that is not built yet",
    id: "later",
    text: text("later", "promote", anObject("bad")),
    issues: [issue("not-built", "type", /dev\.longshore\.promote is not built yet; use dev\.longshore\.apply/)],
  },
  {
    name: "a field that there is not, and one that is not built yet",
    id: "fields",
    text: applied("fields", { replica: 2, discovery: [] }),
    issues: [
      issue("unknown", "spec.replica", /did you mean replicas\?/),
      issue("not-built", "spec.discovery", /not built yet; remove it/),
    ],
  },
  {
    name: "many things at once, every one of which is named",
    id: "many",
    text: applied("many", {
      replicas: -1,
      priority: 101,
      task: { architecture: "sparc", containers: [{ ...container, image: "", cpuUnits: "lots", memoryMib: 1 }] },
      restart: { backoffSeconds: 301 },
      rollout: { strategy: "canary" },
    }),
    issues: [
      issue("invalid", "spec.replicas", /must be 0 to 5000, got -1/),
      issue("invalid", "spec.priority", /must be 0 to 100, got 101/),
      issue("invalid", "spec.task.architecture", /must be x86_64 or arm64, got "sparc"/),
      issue("invalid", "spec.task.containers[0].image", /must be the name of an image: .*, got ""/),
      issue("invalid", "spec.task.containers[0].cpuUnits", /must be a whole number, 0 to \d+, got "lots"/),
      issue("invalid", "spec.task.containers[0].memoryMib", /must be 6 to \d+, got 1/),
      issue("invalid", "spec.restart.backoffSeconds", /must be 0 to 300, got 301/),
      issue("not-built", "spec.rollout.strategy", /canary is not built yet; use rolling or recreate/),
    ],
  },
  {
    name: "a service that is not there",
    id: "absent",
    text: text("absent", "scale", { ...anObject("nobody"), replicas: 1 }),
    issues: [issue("not-found", "metadata.name", /no service shop\/nobody; apply it first/)],
  },
];

/** Applies a service without tasks once more, with another label, in the same message group; answers its label then. */
async function next(label: string): Promise<string | undefined> {
  const service = aService("steady", { replicas: 0 });
  await command(stage(), "apply", { ...service, metadata: { ...service.metadata, labels: { after: label } } });
  return (await specOf(stage(), "steady"))?.manifest.metadata.labels.after;
}

const specOf = ({ store }: Stage, name: string) => store.get<SpecRecord>(keys.spec(serviceKey("shop", name)));

describe("a command that cannot be admitted is refused in its result, and blocks nobody", () => {
  test.for(cases)("$name", async ({ id, text: sent, issues, name }) => {
    const messageId = await sendText(stage(), sent);
    expect(await next(name)).toBe(name);
    const result = await (id === undefined ? resultOf(stage(), messageId) : resultOf(stage(), "test", id));
    expect(result.phase).toBe("refused");
    expect(result.issues).toEqual(issues);
    expect(await specOf(stage(), "bad")).toBeUndefined();
  });

  test("another body under a source and id that were used: the first one stands", async () => {
    await sendText(stage(), text("reused", "apply", aService("reused", { replicas: 0 })));
    const first = await resultOf(stage(), "test", "reused");
    await sendText(stage(), text("reused", "apply", aService("usurper", { replicas: 0 })));
    expect(await next("another body")).toBe("another body");
    expect(await resultOf(stage(), "test", "reused")).toEqual(first);
    expect(await specOf(stage(), "usurper")).toBeUndefined();
    const history = await stage().store.query<EventRecord>(keys.events(serviceKey("shop", "usurper")));
    expect(history).toMatchObject([
      { reason: "CommandRefused", message: expect.stringContaining("used for another body before") },
    ]);
  });

  test("the same command again, however late, takes effect once", async () => {
    await command(stage(), "apply", aService("again", { replicas: 0, priority: 1 }));
    const scale = text("again", "scale", { ...anObject("again"), replicas: 1 });
    await sendText(stage(), scale);
    const first = await resultOf(stage(), "test", "again");
    await command(stage(), "scale", { ...anObject("again"), replicas: 0 });
    const before = await specOf(stage(), "again");
    await sendText(stage(), scale);
    expect(await next("the same again")).toBe("the same again");
    expect(await resultOf(stage(), "test", "again")).toEqual(first);
    expect(await specOf(stage(), "again")).toEqual(before);
    expect(before).toMatchObject({ generation: 3 });
  });

  test("after all of them a good one starts its tasks", async () => {
    expect(await command(stage(), "scale", { ...anObject("steady"), replicas: 2 })).toMatchObject({ phase: "applied" });
    await runs(stage(), "steady", 2);
  });

  test("nothing is left on the queue, nothing is a dead letter, and nothing was a fault", async () => {
    const { commands } = stage().install.queues;
    await eventually(
      "an empty queue",
      async () => (await messagesIn(stage(), commands)) === 0 || undefined,
      patienceMs,
    );
    expect(await deadLetters(stage())).toEqual({ commands: 0, work: 0, dispatch: 0, observations: 0 });
    expect(faultsOf(stage())).toEqual([]);
  });
});
