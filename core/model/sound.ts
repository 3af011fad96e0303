import { type Item, schema } from "./records.ts";

type Shape = Readonly<Record<string, "text" | "number" | "flag" | "list" | "map">>;

/**
 * The fields that every decision reads without asking, by the beginning of the sort key. A record without them was damaged
 * by a hand or a bug; it must not hold up anybody but its own service.
 */
const shapes: readonly (readonly [string, Shape])[] = [
  ["spec", { manifest: "map", generation: "number", lastCommand: "text", deleting: "flag" }],
  [
    "state",
    {
      plan: "map",
      held: "map",
      stops: "map",
      conditions: "list",
      progress: "map",
      generation: "number",
      cluster: "text",
      tombstone: "flag",
    },
  ],
  ["revision#", { revision: "text", content: "map" }],
  ["call#", { seq: "number", phase: "text", token: "text", members: "list", firstSentAtMs: "number", tries: "number" }],
  [
    "task#",
    { taskId: "text", token: "text", status: "text", ecsVersion: "number", createdAtMs: "number", health: "text" },
  ],
];

/** Why nobody may act on a record: a newer Longshore wrote it, or it is damaged; undefined: it is sound. */
export function whyUnsound(item: Item): string | undefined {
  if (item.schema > schema)
    return `${item.sort} was written by a newer Longshore (schema ${item.schema}, this one knows ${schema})`;
  const shape = shapes.find(([prefix]) => item.sort.startsWith(prefix))?.[1];
  const missing = Object.entries(shape ?? {}).find(
    ([name, kind]) => kindOf((item as unknown as Record<string, unknown>)[name]) !== kind,
  );
  if (missing) return `${item.sort} is damaged: ${missing[0]} must be a ${missing[1]}`;
  return item.sort === "state"
    ? whyPlanUnsound((item as unknown as { readonly plan: Record<string, unknown> }).plan)
    : undefined;
}

function whyPlanUnsound({ sets, maxLive, notBeforeMs, barred }: Record<string, unknown>): string | undefined {
  const isSound =
    kindOf(sets) === "list" &&
    kindOf(maxLive) === "number" &&
    kindOf(notBeforeMs) === "number" &&
    kindOf(barred) === "list";
  return isSound ? undefined : "state is damaged: plan must have sets, maxLive, notBeforeMs and barred";
}

function kindOf(value: unknown): Shape[string] | undefined {
  if (typeof value === "string") return "text";
  if (typeof value === "number") return "number";
  if (typeof value === "boolean") return "flag";
  if (Array.isArray(value)) return "list";
  return typeof value === "object" && value !== null ? "map" : undefined;
}
