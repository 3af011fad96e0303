import { invalidParameter } from "./errors.ts";
import type { InstanceState } from "./state.ts";

/** Whether a container instance is a member of the group that an expression describes. */
export type Membership = (instance: InstanceState) => boolean;

/**
 * Reads the part of ECS's cluster query language that names instances and attributes: `==`, `!=`, `in`, `not_in`, `exists`,
 * `!exists`, joined by `and`, `or`, `not` and parentheses, with their word and sign forms. A comparison with an attribute
 * that is absent fails, its negation holds. Throws InvalidParameterException for anything else, and past 2,000 characters.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cluster-query-language.html
 */
export function parseExpression(expression: string): Membership {
  if (expression.length > 2000)
    throw invalidParameter(`an expression may have 2000 characters, got ${expression.length}`);
  const words = expression.match(/==|!=|&&|\|\||!in\b|!exists\b|[()[\],!]|[^\s()[\],=!&|]+/g) ?? [];
  if (words.join("") !== expression.replace(/\s/g, "")) throw unreadable(expression);
  const reader: Reader = { words, at: 0, expression };
  const membership = readOr(reader);
  if (reader.at < words.length) throw unreadable(expression);
  return membership;
}

interface Reader {
  readonly words: readonly string[];
  readonly expression: string;
  at: number;
}

function unreadable(expression: string): Error {
  return invalidParameter(`Invalid expression: ${expression}`);
}

function take(reader: Reader, ...wanted: readonly string[]): boolean {
  const found = wanted.includes(reader.words[reader.at] ?? "");
  if (found) reader.at += 1;
  return found;
}

function word(reader: Reader): string {
  const next = reader.words[reader.at];
  if (next === undefined || /^[()[\],!=&|]/.test(next)) throw unreadable(reader.expression);
  reader.at += 1;
  return next;
}

function expect(reader: Reader, wanted: string): void {
  if (!take(reader, wanted)) throw unreadable(reader.expression);
}

function readOr(reader: Reader): Membership {
  const either = [readAnd(reader)];
  while (take(reader, "or", "||")) either.push(readAnd(reader));
  return (instance) => either.some((holds) => holds(instance));
}

function readAnd(reader: Reader): Membership {
  const all = [readNot(reader)];
  while (take(reader, "and", "&&")) all.push(readNot(reader));
  return (instance) => all.every((holds) => holds(instance));
}

function readNot(reader: Reader): Membership {
  if (take(reader, "not", "!")) {
    const holds = readNot(reader);
    return (instance) => !holds(instance);
  }
  if (!take(reader, "(")) return readComparison(reader);
  const inner = readOr(reader);
  expect(reader, ")");
  return inner;
}

function readComparison(reader: Reader): Membership {
  const read = subject(reader, word(reader));
  if (take(reader, "exists")) return (instance) => read(instance) !== undefined;
  if (take(reader, "!exists", "not_exists")) return (instance) => read(instance) === undefined;
  const negated = take(reader, "!=", "not_equals");
  if (negated || take(reader, "==", "equals")) {
    const wanted = word(reader);
    return (instance) => (read(instance) === wanted) !== negated;
  }
  const outside = take(reader, "!in", "not_in");
  if (!outside && !take(reader, "in")) throw unreadable(reader.expression);
  const values = readList(reader);
  return (instance) => values.has(read(instance)) !== outside;
}

function subject(reader: Reader, name: string): (instance: InstanceState) => string | undefined {
  if (name === "ec2InstanceId") return (instance) => instance.ec2InstanceId;
  if (name === "agentConnected") return (instance) => `${instance.agentConnected}`;
  const attribute = /^attribute:(.+)$/.exec(name)?.[1];
  if (attribute === undefined) throw unreadable(reader.expression);
  return (instance) => (Object.hasOwn(instance.attributes, attribute) ? instance.attributes[attribute] : undefined);
}

function readList(reader: Reader): ReadonlySet<string | undefined> {
  expect(reader, "[");
  const values = new Set<string | undefined>([word(reader)]);
  while (take(reader, ",")) values.add(word(reader));
  expect(reader, "]");
  return values;
}
