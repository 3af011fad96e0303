import type { Observation, Wakeup } from "../ports/queues.ts";

/** Observations in one message: about 50 KB, so that a batch of ten messages stays within SQS's 1 MiB. */
const observationsEach = 50;

/** The body of a wake-up's message. */
export function wakeupBody({ key, hops, names }: Wakeup): string {
  return JSON.stringify({ key, hops, names });
}

/** The bodies of the messages that report observations, in their order; none for none. */
export function observationBodies(observations: readonly Observation[], hops: number): readonly string[] {
  const count = Math.ceil(observations.length / observationsEach);
  return Array.from({ length: count }, (_, index) => {
    const from = index * observationsEach;
    return JSON.stringify({ hops, observations: observations.slice(from, from + observationsEach) });
  });
}
