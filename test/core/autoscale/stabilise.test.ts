import { describe, expect, test } from "vitest";
import { forgottenAt, type Recommended, remember, stabilise } from "../../../core/autoscale/stabilise.ts";

/** Recommendations drawn as `"0:10 30:5-8"`: 10 from second 0, and between 5 and 8 since second 30. */
function draw(drawn: string): Recommended {
  return drawn
    .split(" ")
    .filter((each) => each !== "")
    .map((each) => {
      const [second, bounds = ""] = each.split(":");
      const [low, high = low] = bounds.split("-");
      return { sinceMs: Number(second) * 1000, low: Number(low), high: Number(high) };
    });
}

function render(recommended: Recommended): string {
  return recommended
    .map(({ sinceMs, low, high }) => `${sinceMs / 1000}:${low === high ? low : `${low}-${high}`}`)
    .join(" ");
}

function windows(scaleIn: number, scaleOut: number) {
  return { scaleIn: { windowSeconds: scaleIn }, scaleOut: { windowSeconds: scaleOut } };
}

describe("where ten replicas are moved at second 100", () => {
  test.for([
    { name: "nowhere, if that is recommended", drawn: "", latest: 10, scaleIn: 60, scaleOut: 60, moved: 10 },
    { name: "out at once without a window", drawn: "0:10", latest: 12, scaleIn: 60, scaleOut: 0, moved: 12 },
    { name: "in at once without a window", drawn: "0:10", latest: 8, scaleIn: 0, scaleOut: 60, moved: 8 },
    { name: "not out before a window is over", drawn: "", latest: 12, scaleIn: 0, scaleOut: 60, moved: 10 },
    { name: "not in before a window is over", drawn: "", latest: 8, scaleIn: 60, scaleOut: 0, moved: 10 },
    { name: "out by what stands for the window", drawn: "0:10 40:12", latest: 12, scaleIn: 0, scaleOut: 60, moved: 12 },
    { name: "in by what stands for the window", drawn: "0:10 40:8", latest: 8, scaleIn: 60, scaleOut: 0, moved: 8 },
    { name: "out by the lower bound of two", drawn: "0:11-15 50:13", latest: 13, scaleIn: 0, scaleOut: 60, moved: 11 },
    { name: "in by the upper bound of two", drawn: "0:5-8 50:6", latest: 6, scaleIn: 60, scaleOut: 0, moved: 8 },
  ])("$name: $moved", ({ drawn, latest, scaleIn, scaleOut, moved }) => {
    const given = { replicas: latest, current: 10, nowMs: 100_000 };
    expect(stabilise(given, draw(drawn), windows(scaleIn, scaleOut))).toBe(moved);
  });
});

describe("what is remembered at second 100", () => {
  const nineteen = Array.from({ length: 19 }, (_, index) => `${50 + index}:${3 + (index % 2)}`).join(" ");
  test.for([
    { name: "nothing but what stood", drawn: "", latest: 10, remembered: "" },
    { name: "what stood, and the news", drawn: "", latest: 12, remembered: "100:10 100:12" },
    { name: "the news", drawn: "0:10 50:11", latest: 12, remembered: "0:10 50:11 100:12" },
    { name: "what was recommended, rather than what stood", drawn: "0:12", latest: 8, remembered: "0:12 100:8" },
    { name: "no news", drawn: "0:10 50:12", latest: 12, remembered: "0:10 50:12" },
    { name: "no news, however old the rest", drawn: "0:10 1:12", latest: 12, remembered: "0:10 1:12" },
    { name: "that two became one", drawn: "0:10 50:10-12", latest: 12, remembered: "0:10 50:10-12 100:12" },
    { name: "that two became the other", drawn: "0:10 50:10-12", latest: 10, remembered: "0:10 50:10-12 100:10" },
    { name: "what ended within the longer window", drawn: "0:10 41:11", latest: 12, remembered: "0:10 41:11 100:12" },
    { name: "not what ended before", drawn: "0:10 40:11", latest: 12, remembered: "40:11 100:12" },
    { name: "twenty", drawn: nineteen, latest: 9, remembered: `${nineteen} 100:9` },
    {
      name: "the two oldest of more as one",
      drawn: `48:7-8 ${nineteen}`,
      latest: 9,
      remembered: `48:3-8 ${nineteen.slice("50:3 ".length)} 100:9`,
    },
    {
      name: "with the bounds of both, the other way round",
      drawn: `48:1-2 ${nineteen}`,
      latest: 9,
      remembered: `48:1-3 ${nineteen.slice("50:3 ".length)} 100:9`,
    },
  ])("$name", ({ drawn, latest, remembered }) => {
    const given = { replicas: latest, current: 10, nowMs: 100_000 };
    expect(render(remember(given, draw(drawn), windows(60, 30)))).toBe(remembered);
    expect(render(remember(given, draw(drawn), windows(30, 60)))).toBe(remembered);
  });

  test("no news is the very same", () => {
    const recommended = draw("0:10 1:12");
    expect(remember({ replicas: 12, current: 10, nowMs: 100_000 }, recommended, windows(0, 0))).toBe(recommended);
  });
});

test("each is forgotten a window after the next began", () => {
  expect(forgottenAt(draw("0:10 30:11 40:12"), windows(60, 5))).toEqual([90_000, 35_000, 100_000, 45_000]);
});
