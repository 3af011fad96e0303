import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import type { LogEntry } from "../../core/ports/log.ts";
import { startCluster } from "../../local/cluster.ts";
import { eventually } from "./eventually.ts";

test("what deserves a person is a warning on this machine, and no fault", async () => {
  const entries: LogEntry[] = [];
  const log = { write: (entry: LogEntry) => void entries.push(entry) };
  const cluster = await startCluster({ port: 0, nodes: [], sweepSeconds: 1, log });
  try {
    const { clients, install } = cluster;
    await clients.sqs.send(new SendMessageCommand({ QueueUrl: install.deadLetters.work, MessageBody: "no wake-up" }));
    const told = await eventually("a warning of the sweep", () => entries.find(({ level }) => level === "warn"));
    expect(told).toEqual({
      level: "warn",
      handler: "sweep",
      message: "the sweep found 1 trouble (1 × dead letters)",
      troubles: [
        { kind: "dead letters", about: "longshore-work-dead", message: expect.stringContaining("it holds 1 message") },
      ],
    });
    expect(entries.filter(({ level }) => level === "error")).toEqual([]);
  } finally {
    await cluster.close();
  }
});
