import type { Scope } from "../core/admission/index.ts";
import type { Issue } from "../core/model/issue.ts";
import { keys } from "../core/model/names.ts";
import type { CommandRecord } from "../core/model/records.ts";
import type { Ports } from "../core/ports/index.ts";
import { tell } from "./history.ts";

/** What became of a command: its generation where it made or found one, its issues where it changed nothing. */
export type Result = Pick<CommandRecord, "phase" | "generation" | "unchanged" | "issues">;

/**
 * Tells what became of a command, then stores it: in this order, so that a redelivery repeats what was lost.
 * @param scope What it named, unless it was a service.
 */
export async function conclude(ports: Ports, record: CommandRecord, result: Result, scope?: Scope): Promise<void> {
  await audit(ports, record, result, scope);
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

/** One line for people in the history of the service that it names, who verified, what, and what became of it; and a line of log. */
async function audit(
  ports: Ports,
  { object, sender, type }: CommandRecord,
  { phase, generation, issues }: Result,
  scope: Scope | undefined,
): Promise<void> {
  const told = (issues ?? []).map(({ message }) => message);
  if (object) {
    const verb = type.split(".").at(-1);
    const outcome = generation === undefined ? told.join("; ") : `generation ${generation}`;
    await tell(ports, object, [
      {
        type: phase === "applied" ? "normal" : "warning",
        reason: `Command${phase[0]?.toUpperCase()}${phase.slice(1)}`,
        message: `${verb} by ${sender}: ${outcome}`.slice(0, 1000),
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
    ...(scope ? { scope: nameOf(scope) } : {}),
    ...(object || told.length === 0 ? {} : { issues: told }),
    ...(generation === undefined ? {} : { generation }),
  });
}

function nameOf(scope: Scope): string {
  return scope.kind === "Install" ? "the install" : `namespace ${scope.name}`;
}
