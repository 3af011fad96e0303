import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, expect, test } from "vitest";
import { serviceKey } from "../../core/model/ids.ts";
import { keys } from "../../core/model/names.ts";
import type { CommandRecord, EventRecord, SpecRecord } from "../../core/model/records.ts";
import { clientSettings } from "../../local/environment.ts";
import { digest } from "../../steps/digest.ts";
import { eventually } from "../local/eventually.ts";
import { aNamespace, anInstallManifest } from "../support/access.ts";
import { anEvent, anObject, aService, deadLetters, faultsOf, patienceMs, useStage } from "./stage.ts";

// All of it is the local cluster's, whatever the target: its queues tell senders apart by their access keys.
const stage = useStage({ elsewhere: {} });
const clients = new Map<string, SQSClient>();
afterAll(() => {
  for (const client of clients.values()) client.destroy();
});

/** Sends a command, signed with that access key, and waits for its result. */
async function as(accessKey: string, type: string, data: object, envelope: object = {}): Promise<CommandRecord> {
  const sqs = clients.get(accessKey) ?? new SQSClient(clientSettings(stage().endpointUrl, accessKey));
  clients.set(accessKey, sqs);
  const id = crypto.randomUUID();
  const message = {
    QueueUrl: stage().install.queues.commands,
    MessageBody: JSON.stringify({ ...anEvent(type, id, data), ...envelope }),
    MessageGroupId: "test",
    MessageDeduplicationId: id,
  };
  await sqs.send(new SendMessageCommand(message));
  return eventually(
    `the result of a ${type} by ${accessKey}`,
    async () => {
      const record = await stage().store.get<CommandRecord>(keys.command(digest(accessKey, "test", id)));
      return record?.phase === "received" ? undefined : record;
    },
    patienceMs,
  );
}

const key = serviceKey("shop", "guarded");
const manifest = aService("guarded", { replicas: 0 });
const scaled = (priority: number) => ({ ...manifest, spec: { ...manifest.spec, priority } });
const priorityOf = async () => (await stage().store.get<SpecRecord>(keys.spec(key)))?.manifest.spec.priority;
const pause = { ...anObject("guarded"), only: "rollout" };

test("who signs with another access key may do what was granted to that one, and no more", async () => {
  // As long as there is no administrator, everybody may do everything.
  expect((await as("dev", "apply", scaled(1))).phase).toBe("applied");

  expect((await as("boss", "apply", anInstallManifest(["boss"]))).phase).toBe("applied");
  const refused = await as("dev", "apply", scaled(2), { source: "test", subject: "boss", sender: "boss" });
  expect(refused).toMatchObject({
    phase: "refused",
    sender: "dev",
    issues: [{ code: "forbidden", message: expect.stringContaining("sender dev may not apply in namespace shop") }],
  });
  expect(await priorityOf()).toBe(1);
  const history = await stage().store.query<EventRecord>(keys.events(key));
  expect(history.filter(({ sender }) => sender === "dev").map(({ reason }) => reason)).toEqual([
    "CommandApplied",
    "CommandRefused",
  ]);

  const grants = [{ principal: "dev", verbs: ["apply"] }] as const;
  expect((await as("dev", "apply", aNamespace(grants))).phase).toBe("refused");
  expect((await as("boss", "apply", aNamespace(grants))).phase).toBe("applied");
  expect((await as("dev", "apply", scaled(3))).phase).toBe("applied");
  expect((await as("dev", "pause", pause)).phase).toBe("refused");
  expect((await as("boss", "pause", pause)).phase).toBe("applied");

  expect((await as("boss", "apply", aNamespace([]))).phase).toBe("applied");
  expect((await as("dev", "apply", scaled(4))).phase).toBe("refused");
  expect(await priorityOf()).toBe(3);

  expect(await deadLetters(stage())).toMatchObject({ commands: 0 });
  expect(faultsOf(stage())).toEqual([]);
});
