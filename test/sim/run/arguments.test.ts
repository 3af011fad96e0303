import { expect, test } from "vitest";
import { readArguments } from "../../../sim/run/arguments.ts";

test.for([
  { given: [], asked: { firstSeed: 1, seeds: 100, minutes: Number.POSITIVE_INFINITY, json: false } },
  { given: ["--seeds", "7"], asked: { firstSeed: 1, seeds: 7 } },
  { given: ["--seed", "42"], asked: { firstSeed: 42, seeds: 1 } },
  { given: ["--seed", "42", "--seeds", "3"], asked: { firstSeed: 42, seeds: 3 } },
  { given: ["--minutes", "2"], asked: { firstSeed: 1, seeds: Number.MAX_SAFE_INTEGER, minutes: 2 } },
  { given: ["--minutes", "2", "--seeds", "9"], asked: { seeds: 9, minutes: 2 } },
  { given: ["--json"], asked: { json: true } },
])("$given", ({ given, asked }) => {
  expect(readArguments(given)).toMatchObject(asked);
});

test.for([
  { given: ["--seeds", "0"], message: "--seeds must be an integer of 1 or more, got 0" },
  { given: ["--seed", "x"], message: "--seed must be an integer of 0 or more, got x" },
  { given: ["--minutes", "1.5"], message: "--minutes must be an integer of 1 or more, got 1.5" },
  { given: ["--sedes", "1"], message: "Unknown option '--sedes'" },
])("$given is refused", ({ given, message }) => {
  expect(() => readArguments(given)).toThrow(message);
});
