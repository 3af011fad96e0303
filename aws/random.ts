import { randomBytes, randomInt, randomUUID } from "node:crypto";
import type { Random } from "../core/ports/clock.ts";

const base32 = "abcdefghijklmnopqrstuvwxyz234567";

/** Chance from the operating system. */
export function systemRandom(): Random {
  return {
    // 256 is a multiple of 32, so the lower five bits of a random byte choose evenly.
    token: () => Array.from(randomBytes(16), (byte) => base32[byte % 32]).join(""),
    uid: () => randomUUID(),
    fraction: () => randomInt(2 ** 32) / 2 ** 32,
  };
}
