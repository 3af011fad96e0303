import { type Look, paintWord } from "../paint.ts";
import type { Pause } from "../pauses.ts";
import { type GrantView, rightsOf } from "../read-grants.ts";
import { table } from "../table.ts";
import type { EventView } from "../views.ts";
import { eventRows, section } from "./cells.ts";

/** All about a namespace or the install; with `--json` these are the names. */
export interface ScopeDescription {
  /** null: the install. */
  readonly name: string | null;
  /** The widest pause that holds it. */
  readonly paused: Pause | null;
  readonly services: number;
  /** All that count in it, those of administrators among them; of the install those of each namespace, too. */
  readonly grants: readonly GrantView[];
  readonly events: readonly EventView[];
}

/** All about a namespace or the install: whether it is held, who may do what, and what happened last. */
export function scopeDescription(
  { name, paused, services, grants, events }: ScopeDescription,
  nowMs: number,
  look: Look,
): string {
  const held = paused === null ? "" : `  ${paintWord("paused", look)}`;
  const heads = [
    ["services", `${services}`],
    ...(paused === null ? [] : [["held by", paused === "install" ? "the install" : "the namespace"]]),
  ];
  return [
    `${name === null ? "the install" : `namespace ${name}`}${held}\n`,
    table(heads, { columns: look.columns, indent: "  ", wrapLast: true }),
    section("grants", grants.map(grantCells), look),
    section("events", eventRows(events, nowMs), look),
  ].join("");
}

/** What tables show of a grant. */
export function grantCells(view: GrantView): readonly string[] {
  return [view.principal, view.namespace ?? "*", rightsOf(view)];
}
