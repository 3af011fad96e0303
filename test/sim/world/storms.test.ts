import { expect, test } from "vitest";
import { weather } from "./storm.ts";

const shares = 5;
const seedsEach = 10;

/** In shares, so that one that fails tells soon, and each by itself ends within its time. */
test.for(Array.from({ length: shares }, (_, share) => share))(
  "whatever is asked of a service while passes fail, die or stand still, a good version runs in the end and a bad one does not (%i)",
  { timeout: 120_000 },
  async (share) => {
    for (let seed = 1 + share * seedsEach; seed <= (share + 1) * seedsEach; seed += 1)
      expect({ seed, differs: await weather(seed) }).toEqual({ seed, differs: [] });
  },
);
