import { canonicalJson } from "../core/model/canonical.ts";
import type { Ports } from "../core/ports/index.ts";

/**
 * What a look at a service asked of the world outside the table, and was answered: the health of its targets and tasks, its
 * metrics. No event tells of these; where they are all as they were, and the records too, the look would find what it found.
 */
export type OutsideLook = readonly Asked[];

interface Asked {
  /** The same again, of whoever asks then. */
  readonly ask: (ports: Ports) => Promise<unknown>;
  /** Without the moment at which it was read; undefined: it failed. */
  readonly answered: string | undefined;
}

/** Ports that note what is asked of the world outside, for `found` to hand on. */
export function watchOutside(ports: Ports): { readonly ports: Ports; found(): OutsideLook } {
  const asked: Asked[] = [];
  const note = async <Answer>(ask: (ports: Ports) => Promise<Answer>): Promise<Answer> => {
    let answered: string | undefined;
    try {
      const answer = await ask(ports);
      answered = timeless(answer);
      return answer;
    } finally {
      asked.push({ ask, answered });
    }
  };
  const watched: Ports = {
    ...ports,
    targets: { ...ports.targets, health: (...args) => note(({ targets }) => targets.health(...args)) },
    tasks: { ...ports.tasks, describe: (...args) => note(({ tasks }) => tasks.describe(...args)) },
    metrics: { ...ports.metrics, read: (...args) => note(({ metrics }) => metrics.read(...args)) },
  };
  return { ports: watched, found: () => asked };
}

/** Asks all of it again. False: something is another than it was, or cannot be told, or could not be told before. */
export async function isStillSo(ports: Ports, look: OutsideLook): Promise<boolean> {
  if (look.some(({ answered }) => answered === undefined)) return false;
  const same = look.map(async ({ ask, answered }) => timeless(await ask(ports)) === answered);
  return (await Promise.allSettled(same)).every((each) => each.status === "fulfilled" && each.value);
}

/** Targets and tasks come in any order. */
function timeless(answer: unknown): string {
  if (!Array.isArray(answer)) return canonicalJson(answer);
  return answer
    .map((each) => canonicalJson({ ...each, readAtMs: 0 }))
    .toSorted()
    .join("\n");
}
