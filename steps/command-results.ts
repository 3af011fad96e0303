import type { Issue } from "../core/model/issue.ts";
import { keys } from "../core/model/names.ts";
import type { CommandRecord } from "../core/model/records.ts";
import { nameOfScope } from "../core/model/scope.ts";
import type { Ports } from "../core/ports/index.ts";
import { tell } from "./history.ts";

/** What became of a command: its generation where it made or found one, its issues where it changed nothing. */
export type Result = Pick<CommandRecord, "phase" | "generation" | "unchanged" | "issues">;

/**
 * Tells what became of a command, then stores it: in this order, so that a redelivery repeats what was lost.
 * @param told What is so now, for people, of one that made no generation.
 */
export async function conclude(ports: Ports, record: CommandRecord, result: Result, told?: string): Promise<void> {
  await audit(ports, record, result, told);
  await ports.store.swap(record, result);
}

/** Concludes that a command changed nothing. */
export async function refuse(ports: Ports, record: CommandRecord, issues: readonly Issue[]): Promise<void> {
  await conclude(ports, record, { phase: "refused", issues });
}

/**
 * Before a wish is overwritten, the command that wrote it gets its result: it could no longer be told to have taken effect.
 * @param hash Key of that command's record.
 */
export async function settleLast(ports: Ports, hash: string | undefined, generation?: number): Promise<void> {
  const last = hash === undefined ? undefined : await ports.store.get<CommandRecord>(keys.command(hash));
  if (last?.phase !== "received") return;
  await ports.store.swap(last, { phase: "applied", ...(generation === undefined ? {} : { generation }) });
}

/** Nobody overwrites what he cannot read. */
export function unsoundIssue(reason: string): Issue {
  const message = `the stored ${reason}; upgrade Longshore, or mend the record, then send the command again`;
  return { code: "unsound", path: "", message };
}

/** The key of a command's record. */
export function hashOf({ partition }: CommandRecord): string {
  return partition.slice("command#".length);
}

interface Outcome {
  readonly generation: number | undefined;
  readonly messages: readonly string[];
  readonly told: string;
}

/** One line for people in the history of what it names, who verified, what, and what became of it; and a line of log. */
async function audit(
  ports: Ports,
  { object, scope, sender, type }: CommandRecord,
  { phase, generation, unchanged, issues }: Result,
  told = unchanged ? "it was so already" : "",
): Promise<void> {
  const messages = (issues ?? []).map(({ message }) => message);
  const place = object ?? scope;
  if (place) {
    const verb = type.split(".").at(-1);
    const outcome = outcomeOf({ generation, messages, told });
    await tell(ports, place, [
      {
        type: phase === "applied" ? "normal" : "warning",
        reason: `Command${phase[0]?.toUpperCase()}${phase.slice(1)}`,
        message: `${verb} by ${sender}${outcome === "" ? "" : `: ${outcome}`}`.slice(0, 1000),
        sender,
      },
    ]);
  }
  ports.log.write({
    level: phase === "applied" ? "info" : "warn",
    message: `${phase} a command`,
    sender,
    type,
    ...(object ? { service: object } : {}),
    ...(scope ? { scope: nameOfScope(scope) } : {}),
    ...(object || messages.length === 0 ? {} : { issues: messages }),
    ...(generation === undefined ? {} : { generation }),
  });
}

function outcomeOf({ generation, messages, told }: Outcome): string {
  if (messages.length > 0) return messages.join("; ");
  return generation === undefined ? told : `generation ${generation}`;
}
