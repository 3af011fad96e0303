import { setTimeout as delay } from "node:timers/promises";
import { within } from "../../../local/deadline.ts";

/** One thing that an AWS does, or that its stand-in may lack. */
export interface Capability<World> {
  readonly name: string;
  /** The integration suite cannot do without it: a service that lacks it is the local cluster's own. */
  readonly isNeeded?: true;
  /** Tries it. @throws Error that says what happened instead */
  readonly try: (world: World) => Promise<void>;
}

/** What came of trying one capability. */
export interface Finding {
  readonly name: string;
  readonly isNeeded: boolean;
  /** What happened instead; absent: it is there. */
  readonly lack?: string;
}

/** What one service of an endpoint was found to do. */
export interface ServiceFindings {
  readonly service: string;
  readonly findings: readonly Finding[];
}

const mostMs = 30_000;

/** Tries one after the other: some rest on what those before them made. */
export async function findingsOf<World>(
  capabilities: readonly Capability<World>[],
  world: World,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const { name, isNeeded = false, try: attempt } of capabilities) {
    const lack = await within(mostMs, attempt(world)).then(
      () => undefined,
      (error: unknown) => described(error),
    );
    findings.push({ name, isNeeded, ...(lack !== undefined && { lack }) });
  }
  return findings;
}

/** In one line. */
function described(error: unknown): string {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  if (name === "SyntaxError") return "its answer cannot be read";
  const [line = ""] = message.split("\n");
  return (name === "Error" ? line : `${name}: ${line}`).slice(0, 110);
}

/** Goes on when it is so. @throws Error with what is so instead */
export function see(isSo: boolean, instead: string): void {
  if (!isSo) throw new Error(instead);
}

/** Asks again until it is so, or for a while. @throws Error with what was seen last */
export async function seeWithin(deadlineMs: number, look: () => Promise<string | undefined>): Promise<void> {
  const endMs = performance.now() + deadlineMs;
  for (;;) {
    const instead = await look();
    if (instead === undefined) return;
    if (performance.now() > endMs) throw new Error(`${instead}, after ${deadlineMs / 1000} s`);
    await delay(100);
  }
}

/** The name of what a call is refused with. @throws Error when it is not refused */
export async function refusalOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => {
      throw new Error("it is accepted");
    },
    (error: unknown) => (error instanceof Error ? error.name : String(error)),
  );
}
