import { type Findings, report } from "./findings.ts";
import { isMap, type Json } from "./json.ts";
import { maxDepth, maxNodes, refusedKeys } from "./limits.ts";
import { child, nameOf, type Place } from "./place.ts";
import { flawOf } from "./text.ts";

interface Visit {
  readonly value: unknown;
  readonly place: Place;
  readonly depth: number;
}

/**
 * Reports what no document may hold, whatever its kind: too much depth, too many values, harmful keys, bad text, numbers
 * that are not finite, and values that JSON has no word for. Iterative: no input can overflow the stack, a cycle included.
 * @returns false when it gave up: the document is too deep, too large or no plain data, and must not be read further.
 */
export function isPlain(document: unknown, root: Place, findings: Findings): document is Json {
  const pending: Visit[] = [{ value: document, place: root, depth: 1 }];
  let nodes = 0;
  let plain = true;
  for (let visit = pending.pop(); visit; visit = pending.pop()) {
    nodes++;
    const { place } = visit;
    if (visit.depth > maxDepth && typeof visit.value === "object" && visit.value !== null) {
      report(findings, place, "too-deep", () => `maps and lists must lie at most ${maxDepth} deep, got more`);
      return false;
    }
    if (nodes + pending.length > maxNodes) {
      report(findings, root, "too-many", () => `a document must hold at most ${maxNodes} values, got more`);
      return false;
    }
    if (!isJsonNode(visit.value)) {
      const kind = typeof visit.value;
      report(findings, place, "invalid", () => `${nameOf(place)} must be plain data, got ${kind}`);
      plain = false;
    } else visitNode(visit.value, visit, pending, findings);
  }
  return plain;
}

/** Checks one value and queues what it holds, so that its first part is looked at next. */
function visitNode(value: Json, { place, depth }: Visit, pending: Visit[], findings: Findings): void {
  if (typeof value === "string") checkText(value, place, findings);
  else if (typeof value === "number") checkNumber(value, place, findings);
  else if (isMap(value)) {
    for (const key of Object.keys(value).toReversed()) {
      checkKey(key, child(place, key), findings);
      pending.push({ value: value[key], place: child(place, key), depth: depth + 1 });
    }
  } else if (Array.isArray(value)) {
    for (let index = value.length - 1; index >= 0; index--) {
      pending.push({ value: value[index], place: child(place, index), depth: depth + 1 });
      if (pending.length > maxNodes) return;
    }
  }
}

function checkKey(key: string, place: Place, findings: Findings): void {
  if (refusedKeys.has(key)) {
    report(findings, place, "refused-key", () => `the key ${nameOf(place)} is refused; choose another`);
  }
  const flaw = flawOf(key, { lines: false });
  if (flaw) report(findings, place, "text", () => `the key ${nameOf(place)} ${flaw}`);
}

function checkText(text: string, place: Place, findings: Findings): void {
  const flaw = flawOf(text, { lines: true });
  if (flaw) report(findings, place, "text", () => `${nameOf(place)} ${flaw}`);
}

function checkNumber(value: number, place: Place, findings: Findings): void {
  if (!Number.isFinite(value)) {
    report(findings, place, "invalid", () => `${nameOf(place)} must be a finite number, got ${value}`);
  }
}

/** Whether a value itself, leaving aside what it holds, is one that JSON has. */
function isJsonNode(value: unknown): value is Json {
  if (value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean")
    return true;
  if (typeof value !== "object") return false;
  if (Array.isArray(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
