import type { SQSRecord } from "aws-lambda";
import { describe, expect, test } from "vitest";
import type { LogEntry } from "../../core/ports/log.ts";
import type { Wakeup } from "../../core/ports/queues.ts";
import { allAtOnce, eachInOrder, eachKey } from "../../lambdas/batch.ts";
import { aRecord } from "./records.ts";

function recordingLog() {
  const entries: LogEntry[] = [];
  return { entries, write: (entry: LogEntry) => void entries.push(entry) };
}

const failedIds = (answer: { batchItemFailures: { itemIdentifier: string }[] }) =>
  answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier).join(" ");

/** `m1=a m2=b:3`: message m1 wakes key a, message m2 wakes key b with 3 hops; `m3=!` is no wake-up. */
function wakeups(text: string): SQSRecord[] {
  return text.split(" ").map((part) => {
    const [id = "", rest = ""] = part.split("=");
    const [key, hops = "1"] = rest.split(":");
    return aRecord(id, key === "!" ? "no wake-up" : JSON.stringify({ key, hops: Number(hops) }));
  });
}

describe("a batch of wake-ups", () => {
  test.for([
    { name: "each key once", batch: "m1=a m2=b", fails: "", looked: "a:1 b:1", back: "" },
    {
      name: "one key of many messages once, with the longest lineage",
      batch: "m1=a:2 m2=a:4 m3=a:1",
      fails: "",
      looked: "a:4",
      back: "",
    },
    {
      name: "a key that fails takes no other along",
      batch: "m1=a m2=b m3=c",
      fails: "b",
      looked: "a:1 b:1 c:1",
      back: "m2",
    },
    {
      name: "a key that fails takes all its messages back",
      batch: "m1=a m2=b m3=a",
      fails: "a",
      looked: "a:1 b:1",
      back: "m1 m3",
    },
    { name: "a body that is no wake-up goes back alone", batch: "m1=! m2=a", fails: "", looked: "a:1", back: "m1" },
    {
      name: "failures are in the order of the batch",
      batch: "m1=a m2=! m3=b m4=a",
      fails: "a b",
      looked: "a:1 b:1",
      back: "m1 m2 m3 m4",
    },
  ])("$name", async ({ batch, fails, looked, back }) => {
    const seen: string[] = [];
    const look = async ({ key, hops }: Wakeup) => {
      seen.push(`${key}:${hops}`);
      if (fails.split(" ").includes(key)) throw new Error("no");
    };
    const answer = await eachKey(wakeups(batch), look, recordingLog());
    expect({ looked: seen.join(" "), back: failedIds(answer) }).toEqual({ looked, back });
  });

  test("at most four keys are looked at at once", async () => {
    let running = 0;
    let most = 0;
    const look = async () => {
      most = Math.max(most, ++running);
      await new Promise(setImmediate);
      running--;
    };
    await eachKey(wakeups("1=a 2=b 3=c 4=d 5=e 6=f 7=g 8=h 9=i 10=j"), look, recordingLog());
    expect(most).toBe(4);
  });

  test("a slow key does not hold others up", async () => {
    const done: string[] = [];
    let release = () => {};
    const slow = new Promise<void>((resolve) => {
      release = resolve;
    });
    const look = async ({ key }: Wakeup) => {
      if (key === "slow") await slow;
      done.push(key);
      if (done.length === 3) release();
    };
    await eachKey(wakeups("1=slow 2=a 3=b 4=c"), look, recordingLog());
    expect(done).toEqual(["a", "b", "c", "slow"]);
  });

  test("a failure is one line with name, message and key, and without the body", async () => {
    const log = recordingLog();
    const record = aRecord("m1", JSON.stringify({ key: "shop/web", hops: 1, password: "hunter2" }));
    await eachKey([record, aRecord("m2", "hunter2")], () => Promise.reject(new RangeError("too far")), log);
    expect(log.entries).toEqual([
      { level: "error", message: "a message is no wake-up", messageId: "m2" },
      { level: "error", message: "too far", name: "RangeError", key: "shop/web" },
    ]);
  });
});

describe("a batch of a FIFO queue", () => {
  /** `a1 b1 a2`: messages of groups a and b. */
  const messages = (text: string) => text.split(" ").map((id) => aRecord(id, id, { MessageGroupId: id.charAt(0) }));

  test.for([
    { name: "all succeed", batch: "a1 b1 a2", fails: "", worked: "a1 a2 b1", back: "" },
    {
      name: "a failure takes the later ones of its group along, unworked",
      batch: "a1 a2 a3",
      fails: "a2",
      worked: "a1 a2",
      back: "a2 a3",
    },
    { name: "other groups go on", batch: "a1 b1 a2 b2", fails: "a1", worked: "a1 b1 b2", back: "a1 a2" },
    { name: "groups fail each for itself", batch: "a1 b1 a2 b2", fails: "a2 b1", worked: "a1 a2 b1", back: "b1 a2 b2" },
  ])("$name", async ({ batch, fails, worked, back }) => {
    const seen: string[] = [];
    const work = async ({ messageId }: SQSRecord) => {
      seen.push(messageId);
      if (fails.split(" ").includes(messageId)) throw new Error("no");
    };
    const answer = await eachInOrder(messages(batch), work, recordingLog());
    expect({ worked: seen.sort().join(" "), back: failedIds(answer) }).toEqual({ worked, back });
  });

  test("a message waits for the one before it in its group", async () => {
    const trace: string[] = [];
    await eachInOrder(
      messages("a1 a2"),
      async ({ messageId }) => {
        trace.push(`${messageId} begins`);
        await new Promise(setImmediate);
        trace.push(`${messageId} ends`);
      },
      recordingLog(),
    );
    expect(trace).toEqual(["a1 begins", "a1 ends", "a2 begins", "a2 ends"]);
  });

  test("only the failure itself is logged, by its group", async () => {
    const log = recordingLog();
    await eachInOrder(messages("a1 a2 a3"), () => Promise.reject(new Error("down")), log);
    expect(log.entries).toEqual([{ level: "error", message: "down", name: "Error", key: "a" }]);
  });
});

describe("a batch that is worked on at once", () => {
  test.for([
    { name: "once for the whole batch", batch: "m1 m2 m3", poison: "", worked: "m1+m2+m3", back: "" },
    {
      name: "a poison message goes back alone",
      batch: "m1 m2 m3",
      poison: "m2",
      worked: "m1+m2+m3 m1 m2 m3",
      back: "m2",
    },
    {
      name: "a poison message that is alone is not worked on twice",
      batch: "m1",
      poison: "m1",
      worked: "m1",
      back: "m1",
    },
  ])("$name", async ({ batch, poison, worked, back }) => {
    const seen: string[] = [];
    const log = recordingLog();
    const work = async (records: readonly SQSRecord[]) => {
      seen.push(records.map(({ messageId }) => messageId).join("+"));
      if (records.some(({ messageId }) => messageId === poison)) throw new Error("no");
    };
    const answer = await allAtOnce(
      batch.split(" ").map((id) => aRecord(id, id)),
      work,
      log,
    );
    expect({ worked: seen.join(" "), back: failedIds(answer) }).toEqual({ worked, back });
    expect(log.entries.map(({ key }) => key).join(" ")).toBe(back);
  });
});
