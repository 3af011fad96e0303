import { expect } from "vitest";
import type { ServiceKey } from "../../core/model/ids.ts";
import { keys } from "../../core/model/names.ts";
import type { CommandRecord, EventRecord, SpecRecord } from "../../core/model/records.ts";
import type { Scope } from "../../core/model/scope.ts";
import type { Ports } from "../../core/ports/index.ts";
import type { Store } from "../../core/ports/store.ts";
import { acceptCommand } from "../../steps/accept.ts";
import { digest } from "../../steps/digest.ts";
import type { CommandMessage } from "../../steps/receive.ts";
import { aCommandText, aManifestWith, type Plain } from "./manifests.ts";
import { key } from "./service.ts";
import type { Stage } from "./stage.ts";

/** How commands of tests name `shop/web`. */
export const named = { kind: "Service", metadata: { namespace: "shop", name: "web" } };

/** A message of `AIDA`; its command's id is the message's unless told. */
export function aMessage(messageId: string, type: string, data: unknown, envelope: Plain = {}): CommandMessage {
  const [body, sizeBytes] = aCommandText(type, data, { id: messageId, ...envelope });
  return { body, sizeBytes, senderId: "AIDA:session", messageId };
}

/** The same message of somebody else. */
export function from(senderId: string, message: CommandMessage): CommandMessage {
  return { ...message, senderId };
}

/** An apply of `shop/web`, the minimal manifest with so many replicas. */
export function anApply(id: string, replicas = 1, envelope: Plain = {}): CommandMessage {
  return aMessage(id, "apply", aManifestWith({ "spec.replicas": replicas }), envelope);
}

/** A scale of `shop/web`. */
export function aScale(id: string, replicas: number): CommandMessage {
  return aMessage(id, "scale", { ...named, replicas });
}

/** What became of the command of that id, of `AIDA` or of whom else is named. */
export function resultOf(
  { store }: Pick<Stage, "store">,
  id: string,
  sender = "AIDA",
): Promise<CommandRecord | undefined> {
  return store.get<CommandRecord>(keys.command(digest(sender, "ci/shop", id)));
}

/** The wish for `shop/web`. */
export function specOf({ store }: Pick<Stage, "store">): Promise<SpecRecord | undefined> {
  return store.get<SpecRecord>(keys.spec(key));
}

/** The history of `shop/web`, or of what else is named, oldest first. */
export async function historyOf({ store }: Pick<Stage, "store">, of: ServiceKey | Scope = key) {
  const events = await store.query<EventRecord>(keys.events(of));
  return events.map(({ reason, message, sender }) => ({ reason, message, sender }));
}

/** A store in which no command gets its result: whoever accepts one dies before that. */
function withoutResults({ ports, store }: Stage): Ports {
  const swap: Store["swap"] = async (item, changes) => {
    if (item.partition.startsWith("command#")) throw new Error("died before the result");
    return store.swap(item, changes);
  };
  return { ...ports, store: { ...store, swap } };
}

/** Carries a command out and loses its result. */
export async function losing(stage: Stage, message: CommandMessage): Promise<void> {
  await expect(acceptCommand(message, withoutResults(stage))).rejects.toThrow("died before the result");
}
