import { describe, expect, test } from "vitest";
import { systemRandom } from "../../aws/random.ts";
import { seededRandom } from "../../sim/random.ts";

describe.for([
  { name: "the seeded one", random: seededRandom(7) },
  { name: "the system's", random: systemRandom() },
])("chance: $name", ({ random }) => {
  const many = <T>(draw: () => T) => Array.from({ length: 2_000 }, draw);

  test("a token is 16 characters of base32, all of them used, none drawn twice", () => {
    const tokens = many(() => random.token());
    expect(tokens.filter((token) => !/^[a-z2-7]{16}$/.test(token))).toEqual([]);
    expect(new Set(tokens).size).toBe(2_000);
    expect(new Set(tokens.join("")).size).toBe(32);
  });

  test("a uid is a random UUID", () => {
    const uids = many(() => random.uid());
    const isUuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
    expect(uids.filter((uid) => !isUuid.test(uid))).toEqual([]);
    expect(new Set(uids).size).toBe(2_000);
  });

  test("a fraction lies in [0, 1), as often low as high", () => {
    const fractions = many(() => random.fraction());
    expect(fractions.filter((fraction) => !(fraction >= 0 && fraction < 1))).toEqual([]);
    const mean = fractions.reduce((sum, fraction) => sum + fraction) / fractions.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.04);
  });
});
