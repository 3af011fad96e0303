import type { CommandRecord, Item, SpecRecord } from "../../core/model/records.ts";
import type { CallSite } from "./call-site.ts";
import type { Answer } from "./calls.ts";
import { type Invariant, type Memory, written } from "./witness.ts";

/** What must never become of a command. That it has a result in the end is for each run to see. */
export const commandInvariants: readonly Invariant[] = [
  { name: "S7 at most one effect", after: effectOnce },
  { name: "S7 results are final", after: resultStays },
];

/** Whatever accept writes names the command that it is the effect of; the same command is named by one write alone. */
function effectOnce(site: CallSite, answer: Answer, { effects }: Memory): string | undefined {
  const item = site.handler === "accept" ? written(site, answer) : undefined;
  if (item?.sort !== "spec") return undefined;
  const { lastCommand } = item as SpecRecord;
  const before = site.method === "swap" ? (site.args[0] as Partial<SpecRecord>).lastCommand : undefined;
  if (lastCommand === undefined || lastCommand === before) return undefined;
  if (effects.has(lastCommand)) return `command ${lastCommand} changed ${item.partition} a second time`;
  effects.add(lastCommand);
  return undefined;
}

function resultStays(site: CallSite, answer: Answer): string | undefined {
  const item = written(site, answer);
  if (!item?.partition.startsWith("command#") || site.method !== "swap") return undefined;
  const before = (site.args[0] as Item as CommandRecord).phase;
  const { phase } = item as CommandRecord;
  return before === "received" || before === phase ? undefined : `${item.partition} went from ${before} to ${phase}`;
}
