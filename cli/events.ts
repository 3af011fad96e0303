import { hash, randomUUID } from "node:crypto";
import type { Command } from "../core/admission/index.ts";
import { framed } from "../core/model/framed.ts";
import type { ServiceKey } from "../core/model/ids.ts";
import type { Scope } from "../core/model/scope.ts";
import type { Connection } from "./connection.ts";

/** A command as it is sent, with what its result is found by. */
export interface Outgoing {
  readonly text: string;
  /** The service that it names, as far as that can be read. */
  readonly key?: ServiceKey;
  readonly source?: string;
  readonly id?: string;
  /** What it names instead of a service. */
  readonly scope?: Scope;
  /** What to say of it when it was accepted; absent: as which generation, or that there was nothing to change. */
  readonly tell?: Tell;
}

/** What a command did that was accepted. */
export interface Done {
  /** 0: it has none. */
  readonly generation: number;
  /** It was so already. */
  readonly isUnchanged: boolean;
}

/** Says what a command did; what is so now may be read for it. */
export type Tell = (done: Done, store: Connection["store"]) => Promise<string>;

/** Who sends, in the envelope's words. */
const source = "longshore-cli";

/** A CloudEvent that carries a command, under an id of its own. @param object The service that it names, or else what. */
export function commandEvent(
  type: Command["type"],
  object: ServiceKey | Pick<Outgoing, "key" | "scope" | "tell">,
  data: object,
): Outgoing {
  const id = randomUUID();
  return {
    ...(typeof object === "string" ? { key: object } : object),
    source,
    id,
    text: JSON.stringify({ specversion: "1.0", id, source, type: `dev.longshore.${type}`, data }),
  };
}

/** Hash under which accept keeps the result of a command of this sender. */
export function resultHash(sender: string, { source, id }: Outgoing, messageId: string): string {
  const named = source !== undefined && id !== undefined;
  return sha256(named ? [sender, source, id] : [sender, messageId]);
}

/** Hash by which accept tells whether the same id came with the same body. */
export function bodyHash({ text }: Outgoing): string {
  return sha256([text]);
}

function sha256(parts: readonly string[]): string {
  return hash("sha256", framed(parts));
}
