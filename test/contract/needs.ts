import { test } from "vitest";
import { isLacking, target } from "../support/target.ts";
import type { Need } from "../targets/probe/probe.ts";

/** A test that needs these: where the target lacks one it is not run, and its name says why. */
export function testThatNeeds(...needs: readonly Need[]): (name: string, body: () => unknown) => void {
  const lacking = needs.filter(isLacking);
  return (name, body) =>
    lacking.length === 0 ? test(name, body) : test.skip(`${name} (${target?.name} lacks: ${lacking.join(", ")})`, body);
}
