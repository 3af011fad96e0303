import type { Random } from "../core/ports/clock.ts";

/** Chance that a seed replays. */
export interface SeededRandom extends Random {
  /** A string of that many hex digits: ids of the ECS engine. */
  hex(digits: number): string;
}

const base32 = "abcdefghijklmnopqrstuvwxyz234567";
const uidPattern = "xxxxxxxx-xxxx-4xxx-vxxx-xxxxxxxxxxxx";

/** The same seed gives the same answers to the same questions. @param seed any integer */
export function seededRandom(seed: number): SeededRandom {
  const next = smallFastCounter(seed);
  const below = (bound: number) => Math.floor((next() / 2 ** 32) * bound);
  const text = (length: number, alphabet: string) =>
    Array.from({ length }, () => alphabet[below(alphabet.length)]).join("");
  return {
    token: () => text(16, base32),
    uid: () => uidPattern.replace(/x/g, () => below(16).toString(16)).replace("v", () => (8 + below(4)).toString(16)),
    fraction: () => next() / 2 ** 32,
    hex: (digits) => text(digits, "0123456789abcdef"),
  };
}

/**
 * 32 random bits a call: three words that chaos stirs and a counter that keeps the period above 2^32.
 * @see https://pracrand.sourceforge.net/RNG_engines.txt (sfc32)
 */
function smallFastCounter(seed: number): () => number {
  let a = 0;
  let b = Math.floor(seed / 2 ** 32) | 0;
  let c = seed | 0;
  let counter = 1;
  const next = () => {
    const result = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + result) | 0;
    return result >>> 0;
  };
  // Neighbouring seeds differ in few bits: these rounds spread them.
  for (let round = 0; round < 12; round++) next();
  return next;
}
