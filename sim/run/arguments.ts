import { parseArgs } from "node:util";

/** What somebody asked `npm run sim` for. */
export interface Asked {
  readonly firstSeed: number;
  /** Most seeds that are played; at least 1. */
  readonly seeds: number;
  /** No seed begins after so long, in real time. */
  readonly minutes: number;
  readonly json: boolean;
}

const defaultSeeds = 100;

/**
 * Reads the arguments: `--seeds N` how many, from 1; `--seed K` that one alone, or with `--seeds` the first of them; `--minutes M`
 * until the time is over; `--json`.
 *
 * @throws Error in words for people when they make no sense.
 */
export function readArguments(given: readonly string[]): Asked {
  const options = {
    seeds: { type: "string" },
    seed: { type: "string" },
    minutes: { type: "string" },
    json: { type: "boolean" },
  } as const;
  const { seeds, seed, minutes, json = false } = parseArgs({ args: [...given], options }).values;
  const unbounded = minutes === undefined ? defaultSeeds : Number.MAX_SAFE_INTEGER;
  return {
    firstSeed: seed === undefined ? 1 : numberOf("seed", seed, 0),
    seeds: seeds === undefined ? (seed === undefined ? unbounded : 1) : numberOf("seeds", seeds, 1),
    minutes: minutes === undefined ? Number.POSITIVE_INFINITY : numberOf("minutes", minutes, 1),
    json,
  };
}

function numberOf(name: string, text: string, least: number): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < least)
    throw new Error(`--${name} must be an integer of ${least} or more, got ${text}`);
  return number;
}
