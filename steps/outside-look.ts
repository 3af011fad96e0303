import { canonicalJson } from "../core/model/canonical.ts";
import type { Ports } from "../core/ports/index.ts";

/**
 * What a look at a service asked of the world outside the table, and was answered: the health of its targets and tasks, its
 * metrics. No event tells of these; where they are all as they were, and the records too, the look would find what it found.
 */
export type OutsideLook = readonly Asked[];

interface Asked {
  readonly ask: () => Promise<unknown>;
  /** Without the moment at which it was read; undefined: it failed. */
  readonly answered: string | undefined;
}

/** Ports that note what is asked of the world outside, for `found` to hand on. */
export function watchOutside(ports: Ports): { readonly ports: Ports; found(): OutsideLook } {
  const asked: Asked[] = [];
  const noting =
    <Args extends readonly unknown[], Answer>(call: (...args: Args) => Promise<Answer>) =>
    async (...args: Args): Promise<Answer> => {
      let answered: string | undefined;
      try {
        const answer = await call(...args);
        answered = timeless(answer);
        return answer;
      } finally {
        asked.push({ ask: () => call(...args), answered });
      }
    };
  const { targets, tasks, metrics } = ports;
  return {
    ports: {
      ...ports,
      targets: { ...targets, health: noting(targets.health) },
      tasks: { ...tasks, describe: noting(tasks.describe) },
      metrics: { ...metrics, read: noting(metrics.read) },
    },
    found: () => asked,
  };
}

/** Asks all of it again. False: something is another than it was, or cannot be told, or could not be told before. */
export async function isStillSo(look: OutsideLook): Promise<boolean> {
  if (look.some(({ answered }) => answered === undefined)) return false;
  const same = look.map(async ({ ask, answered }) => timeless(await ask()) === answered);
  return (await Promise.allSettled(same)).every((each) => each.status === "fulfilled" && each.value);
}

/** Sets of targets and tasks come in any order. */
function timeless(answer: unknown): string {
  if (!Array.isArray(answer)) return canonicalJson(answer);
  return answer
    .map((each) => canonicalJson({ ...each, readAtMs: 0 }))
    .toSorted()
    .join("\n");
}
