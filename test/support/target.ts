import { randomBytes } from "node:crypto";
import type { Need } from "../targets/probe/probe.ts";

/** Variables of AWS's SDKs. */
type Variables = Readonly<Record<string, string>>;

/** An AWS that this run of the tests is held against, in place of the local cluster's own endpoint or parts of it. */
export interface Target {
  /** Such as `moto`. */
  readonly name: string;
  /** What comes from there: `AWS_ENDPOINT_URL_<service>` of each service, and the credentials. */
  readonly variables: Variables;
  /** The service-specific variables of all that it has, which the contracts are held to row by row. */
  readonly offered: Variables;
  /** What tasks are where they are containers: an image, and a program of it that goes on for a minute. */
  readonly program?: { readonly image: string; readonly command: readonly string[] };
  /** What its services cannot do, in the words of the probe. */
  readonly lacks: readonly Need[];
}

/** How a run tells its tests of its target. */
export const targetVariable = "LONGSHORE_TEST_TARGET";

/** The target of this run; undefined in an ordinary one, where everything is the local cluster's. */
export const target: Target | undefined = readTarget(process.env[targetVariable]);

function readTarget(text: string | undefined): Target | undefined {
  return text ? (JSON.parse(text) as Target) : undefined;
}

/** Whether this run's target is known to lack something that a test needs. */
export function isLacking(need: Need): boolean {
  return target?.lacks.includes(need) ?? false;
}

/** The name of an install, and a prefix of its own for what a test makes: files share a target. */
export function ownName(): string {
  return `t-${randomBytes(5).toString("hex")}`;
}
