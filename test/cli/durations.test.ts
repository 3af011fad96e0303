import { expect, test } from "vitest";
import { durationText, parseDuration } from "../../cli/durations.ts";

test.for([
  ["500ms", 500],
  ["90s", 90_000],
  ["5m", 300_000],
  ["24h", 86_400_000],
  ["25h", undefined],
  ["0s", undefined],
  ["5", undefined],
  ["-5s", undefined],
  ["1.5m", undefined],
  ["5 m", undefined],
  ["", undefined],
] as const)("%s lasts %s ms", ([text, ms]) => {
  expect(parseDuration(text)).toBe(ms);
});

test.for([
  [500, "500ms"],
  [1_500, "1500ms"],
  [90_000, "90s"],
  [300_000, "5m"],
  [7_200_000, "2h"],
] as const)("%s ms are %s", ([ms, text]) => {
  expect(durationText(ms)).toBe(text);
});
