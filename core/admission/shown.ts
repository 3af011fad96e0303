import { escaped } from "../words/escaped.ts";
import type { Json } from "./json.ts";

/** A value as messages quote it: `"latest"`, `-1`, `a list`. */
export function shown(value: Json): string {
  return typeof value === "string" ? `"${escaped(value)}"` : kindOf(value);
}

/** A value that may be secret: only what it is, never what it says. */
export function veiled(value: Json): string {
  if (typeof value === "string") return `text of ${value.length} characters`;
  return typeof value === "number" ? "a number" : kindOf(value);
}

function kindOf(value: Json): string {
  if (value === null || typeof value !== "object") return String(value);
  return Array.isArray(value) ? "a list" : "a map";
}
