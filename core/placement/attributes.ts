import type { Constraint } from "../model/service.ts";
import type { Candidate } from "./nouns.ts";

type Described = Pick<Candidate, "nodeId" | "zone" | "attributes">;

/** A node's value for `zone` or the name of one of its attributes; undefined: it has none. */
function attributeOf(node: Described, name: string): string | undefined {
  if (name === "zone") return node.zone === "" ? undefined : node.zone;
  return Object.hasOwn(node.attributes, name) ? node.attributes[name] : undefined;
}

/** The domain that a node is in when tasks are spread by `zone`, `node` or an attribute; undefined: it is in none. */
export function domainOf(node: Described, by: string): string | undefined {
  return by === "node" ? node.nodeId : attributeOf(node, by);
}

/** Whether a node is what every constraint asks for. */
export function meetsConstraints(node: Described, constraints: readonly Constraint[]): boolean {
  return constraints.every((constraint) => meets(node, constraint));
}

/** Whether a node is what a constraint asks for. A missing attribute fails all but `notIn` and `notExists`. */
export function meets(node: Described, { attribute, operator, values }: Constraint): boolean {
  const value = attributeOf(node, attribute);
  switch (operator) {
    case "in":
      return value !== undefined && values.includes(value);
    case "notIn":
      return value === undefined || !values.includes(value);
    case "exists":
      return value !== undefined;
    case "notExists":
      return value === undefined;
  }
}
