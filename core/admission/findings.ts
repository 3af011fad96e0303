import type { Issue } from "../model/issue.ts";
import type { Json } from "./json.ts";
import { maxIssues } from "./limits.ts";
import { nameOf, type Place, pathOf } from "./place.ts";
import { shown, veiled } from "./shown.ts";

/**
 * - `too-large`, `syntax`, `too-deep`, `too-many`: nothing behind it was looked at.
 * - `duplicate`, `refused-key`, `text`: no document may hold that, whatever the field.
 * - `required`, `invalid`, `unknown`, `not-built`: the field by itself.
 * - `conflict`, `secret`: fields that do not go together.
 * - `more`: how many issues are not shown.
 */
export type IssueCode =
  | "too-large"
  | "syntax"
  | "too-deep"
  | "too-many"
  | "duplicate"
  | "refused-key"
  | "text"
  | "required"
  | "invalid"
  | "unknown"
  | "not-built"
  | "conflict"
  | "secret"
  | "more";

/** The issues of one document, as they are found: the first at each path counts, since what follows there is mostly its echo. */
export interface Findings {
  readonly paths: Set<string>;
  readonly issues: Issue[];
}

/** Nothing found yet. */
export function noFindings(): Findings {
  return { paths: new Set(), issues: [] };
}

/** Notes an issue. `describe` is only called for those that will be shown. Returns undefined, for readers that then have no value. */
export function report(findings: Findings, place: Place, code: IssueCode, describe: () => string): undefined {
  const path = pathOf(place);
  if (findings.paths.has(path)) return;
  findings.paths.add(path);
  if (findings.issues.length < maxIssues) findings.issues.push({ code, path, message: describe() });
}

/** Notes fields that do not go together. */
export function conflict(findings: Findings, place: Place, describe: () => string): void {
  report(findings, place, "conflict", describe);
}

/** Whether there is an issue at a place already: what is missing there was given, and could not be read. */
export function isReported(findings: Findings, place: Place): boolean {
  return findings.paths.has(pathOf(place));
}

/** Notes that a value is not what its field allows. */
export function invalid(findings: Findings, place: Place, allowed: string, value: Json): undefined {
  return report(findings, place, "invalid", () => `${nameOf(place)} must be ${allowed}, got ${shown(value)}`);
}

/** Notes that a value has not the shape of its field. What it says is not quoted: a command or an environment may stand there. */
export function misshapen(findings: Findings, place: Place, shape: string, value: Json): undefined {
  return report(findings, place, "invalid", () => `${nameOf(place)} must be ${shape}, got ${veiled(value)}`);
}

/** What to tell: at most 100 issues, in the order found; beyond, the last one says how many are not shown. Empty: none. */
export function issuesOf(findings: Findings): readonly Issue[] {
  if (findings.paths.size <= maxIssues) return findings.issues;
  const kept = findings.issues.slice(0, maxIssues - 1);
  const more = findings.paths.size - kept.length;
  return [...kept, { code: "more", path: "", message: `and ${more} more issues; correct these first` }];
}
