import { type Item, schema } from "./records.ts";

type Shape = Readonly<Record<string, "text" | "number" | "flag" | "list" | "map">>;

/**
 * The fields that every decision reads without asking, by what a record is. A record without them was damaged
 * by a hand or a bug; it must not hold up anybody but its own service.
 */
const shapes: ReadonlyMap<string, Shape> = new Map([
  ["service spec", { manifest: "map", generation: "number", lastCommand: "text", deleting: "flag" }],
  [
    "service state",
    {
      plan: "map",
      held: "map",
      stops: "map",
      backOffs: "list",
      conditions: "list",
      progress: "map",
      generation: "number",
      cluster: "text",
      tombstone: "flag",
    },
  ],
  ["service revision", { revision: "text", content: "map" }],
  [
    "service call",
    { seq: "number", phase: "text", token: "text", members: "list", firstSentAtMs: "number", tries: "number" },
  ],
  ["cluster notice", { tasks: "map" }],
  [
    "cluster node",
    { nodeId: "text", status: "text", agentConnected: "flag", zone: "text", attributes: "map", registered: "map" },
  ],
  [
    "service task",
    { taskId: "text", token: "text", status: "text", ecsVersion: "number", createdAtMs: "number", health: "text" },
  ],
]);

/** The same of fields that may be absent. */
const optionalShapes: ReadonlyMap<string, Shape> = new Map<string, Shape>([
  ["install spec", { administrators: "list", grants: "list" }],
  ["namespace spec", { grants: "list" }],
]);

/** What lies deeper and is read without asking as well: where, in which records, and of what shape each is. */
const parts: readonly {
  readonly of: string;
  readonly name: string;
  readonly from: (record: Loose) => readonly unknown[];
  readonly shape: Shape;
  /** Of fields that may be absent. */
  readonly optional?: Shape;
}[] = [
  {
    of: "service state",
    name: "plan",
    from: ({ plan }) => [plan],
    shape: { sets: "list", maxLive: "number", barred: "list" },
  },
  {
    of: "service state",
    name: "a set of the plan",
    from: ({ plan }) => listIn(plan, "sets"),
    shape: {
      id: "text",
      revision: "text",
      slots: "text",
      priority: "number",
      placement: "map",
      capacity: "text",
      notBeforeMs: "number",
    },
  },
  {
    of: "service state",
    name: "rollout",
    from: ({ rollout }) => (rollout === undefined ? [] : [rollout]),
    shape: { attempt: "number", revision: "text", startedAtMs: "number" },
  },
  {
    of: "service state",
    name: "scale",
    from: ({ scale }) => (scale === undefined ? [] : [scale]),
    shape: { replicas: "number", recommended: "list", moves: "list" },
  },
  { of: "service state", name: "held", from: ({ held }) => [held], shape: { tasks: "number" } },
  {
    of: "service revision",
    name: "content",
    from: ({ content }) => [content],
    shape: { task: "map", network: "map", capacity: "text" },
  },
  {
    of: "service revision",
    name: "content.task",
    from: ({ content }) => [partOf(content, "task")],
    shape: { cpuUnits: "number", memoryMib: "number", containers: "list" },
  },
  {
    of: "service revision",
    name: "content.network",
    from: ({ content }) => [partOf(content, "network")],
    shape: { mode: "text", subnets: "list" },
  },
  {
    of: "service call",
    name: "a member",
    from: ({ members }) => (members as readonly unknown[]) ?? [],
    shape: { slot: "number" },
  },
  ...["install spec", "namespace spec"].map((of) => ({
    of,
    name: "a grant",
    from: ({ grants }: Loose) => (grants as readonly unknown[] | undefined) ?? [],
    shape: { principal: "text" } as const,
    optional: { role: "text", verbs: "list" } as const,
  })),
];

const partsOf = Map.groupBy(parts, ({ of }) => of);

type Loose = Readonly<Record<string, unknown>>;

/** Why nobody may act on a record: a newer Longshore wrote it, or it is damaged; undefined: it is sound. */
export function whyUnsound(item: Item): string | undefined {
  const { sort } = item;
  if (item.schema > schema)
    return `${sort} was written by a newer Longshore (schema ${item.schema}, this one knows ${schema})`;
  const record = item as unknown as Loose;
  const kind = `${kindIn(item.partition)} ${kindIn(sort)}`;
  const [shape = {}, optional = {}] = [shapes.get(kind), optionalShapes.get(kind)];
  const missing = fieldAmiss(record, shape, optional);
  if (missing) return `${sort} is damaged: ${missing} must be a ${shape[missing] ?? optional[missing]}`;
  for (const part of partsOf.get(kind) ?? [])
    for (const value of part.from(record)) {
      const amiss = kindOf(value) === "map" ? fieldAmiss(value as Loose, part.shape, part.optional) : "it";
      if (amiss) return `${sort} is damaged: ${part.name} must have ${Object.keys(part.shape).join(", ")}`;
    }
  return undefined;
}

function fieldAmiss(record: Loose, shape: Shape, optional: Shape = {}): string | undefined {
  for (const name in shape) if (kindOf(record[name]) !== shape[name]) return name;
  for (const name in optional) if (record[name] !== undefined && kindOf(record[name]) !== optional[name]) return name;
  return undefined;
}

/** What stands before the first `#` of a key. */
function kindIn(key: string): string {
  const end = key.indexOf("#");
  return end < 0 ? key : key.slice(0, end);
}

function partOf(value: unknown, name: string): unknown {
  return kindOf(value) === "map" ? (value as Loose)[name] : undefined;
}

function listIn(value: unknown, name: string): readonly unknown[] {
  const list = partOf(value, name);
  return Array.isArray(list) ? list : [];
}

function kindOf(value: unknown): Shape[string] | undefined {
  if (typeof value === "string") return "text";
  if (typeof value === "number") return "number";
  if (typeof value === "boolean") return "flag";
  if (Array.isArray(value)) return "list";
  return typeof value === "object" && value !== null ? "map" : undefined;
}
