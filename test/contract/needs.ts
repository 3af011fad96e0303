import { test } from "vitest";
import { isLacking, target } from "../support/target.ts";
import type { Need } from "../targets/probe/probe.ts";

type Define = (name: string, body: () => Promise<void>) => void;

/** A test that needs these: where the target lacks one it is not run, and its name says why. */
export function testThatNeeds(...needs: readonly Need[]): Define {
  const lacking = needs.filter(isLacking);
  return (name, body) =>
    lacking.length === 0 ? test(name, body) : test.skip(`${name} (${target?.name} lacks: ${lacking.join(", ")})`, body);
}

/** The same for a test that also moves time or breaks machines, which only an engine of ours lets it do. */
export function testOfEngine(...needs: readonly Need[]): Define {
  const isOurs = target?.offered.AWS_ENDPOINT_URL_ECS === undefined;
  if (isOurs || needs.some(isLacking)) return testThatNeeds(...needs);
  return (name, body) => test.skip(`${name} (nobody steers the time and the machines of ${target?.name})`, body);
}
