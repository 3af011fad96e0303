import { expect, test } from "vitest";
import { seededRandom } from "../../sim/random.ts";

const drawn = (seed: number) => {
  const random = seededRandom(seed);
  return [random.token(), random.uid(), random.fraction(), random.hex(32)];
};

test("a seed replays", () => {
  expect(drawn(42)).toEqual(drawn(42));
});

test("neighbouring seeds have nothing in common", () => {
  expect(new Set([...drawn(1), ...drawn(2), ...drawn(3), ...drawn(2 ** 32 + 1)]).size).toBe(16);
});

test("hex has as many digits as asked for", () => {
  expect(seededRandom(1).hex(32)).toMatch(/^[0-9a-f]{32}$/);
});
