import { type Input, type Limit, objects, within } from "./documented-limit.ts";

const guide = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide";
const constraints = `${guide}/Constraints.html`;

const expressions = [
  "ConditionExpression",
  "FilterExpression",
  "KeyConditionExpression",
  "ProjectionExpression",
  "UpdateExpression",
] as const;
const withExpressions = ["DeleteItem", "GetItem", "PutItem", "Query", "Scan", "UpdateItem"];
const withKeys = ["DeleteItem", "GetItem", "PutItem", "UpdateItem"];

/** Keys of our one table, whichever request names them. */
const keyLimits = { partition: 2048, sort: 1024, kindShard: 2048, kindRow: 1024, waitShard: 2048, waitRow: 1024 };

const textOf = (input: Input) => expressions.map((name) => String(input[name] ?? "")).join(" ");

/** The placeholders of a request's expressions, and what it gives for them, have to be the same. */
function placeholders(names: "ExpressionAttributeNames" | "ExpressionAttributeValues", mark: "#" | ":"): Limit {
  return {
    of: withExpressions,
    source: `${guide}/Expressions.html`,
    path: names,
    check: (input) => {
      const used = new Set<string>(textOf(input).match(new RegExp(`${mark}[A-Za-z0-9_]+`, "g")));
      const given = new Set(Object.keys(objects(input[names]).at(0) ?? {}));
      const wrong = [...used, ...given].filter((name) => !(used.has(name) && given.has(name)));
      return wrong.length > 0 ? `must be those that the expressions use: ${wrong.join(", ")}` : undefined;
    },
  };
}

/** What AWS documents of DynamoDB. */
export const dynamodbLimits: readonly Limit[] = [
  {
    of: ["PutItem"],
    source: constraints,
    path: "Item",
    check: ({ Item }) => within(attributesSize(objects(Item).at(0) ?? {}), 0, 409_600),
  },
  {
    of: ["PutItem"],
    source: constraints,
    path: "Item",
    check: ({ Item }) => (depthOf({ M: Item }) > 33 ? "must be nested at most 32 deep" : undefined),
  },
  {
    of: withExpressions,
    source: constraints,
    path: "",
    check: (input) =>
      expressions.map((name) => within(Buffer.byteLength(String(input[name] ?? "")), 0, 4096)).find(Boolean),
  },
  placeholders("ExpressionAttributeNames", "#"),
  placeholders("ExpressionAttributeValues", ":"),
  {
    of: withKeys,
    source: constraints,
    path: "Key",
    check: ({ Key, Item }) => {
      const keys = objects(Key ?? Item).at(0) ?? {};
      const sizes = Object.entries(keyLimits).map(([name, most]) => {
        const text = objects(keys[name]).at(0)?.S;
        const complaint = text === undefined ? undefined : within(Buffer.byteLength(String(text)), 1, most);
        return complaint && `${name} ${complaint} bytes`;
      });
      return sizes.find(Boolean);
    },
  },
];

/** Bytes that DynamoDB counts for an item: names and values, in UTF-8. */
function attributesSize(attributes: Input): number {
  return Object.entries(attributes).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueSize(value), 0);
}

function valueSize(value: unknown): number {
  const { S, N, B, L, M } = objects(value).at(0) ?? {};
  if (Array.isArray(L)) return 3 + L.reduce((sum: number, entry: unknown) => sum + 1 + valueSize(entry), 0);
  if (M !== undefined) return 3 + Object.keys(M as object).length + attributesSize(M as Input);
  if (B instanceof Uint8Array) return B.length;
  return Buffer.byteLength(String(S ?? N ?? "_"));
}

function depthOf(value: unknown): number {
  const { L, M } = objects(value).at(0) ?? {};
  const inner = Array.isArray(L) ? L : Object.values((M as object | undefined) ?? {});
  return 1 + Math.max(0, ...inner.map(depthOf));
}
