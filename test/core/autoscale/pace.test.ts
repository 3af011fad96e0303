import { describe, expect, test } from "vitest";
import { addMove, forgottenAt, type Moves, paced, replicasMinuteAgo } from "../../../core/autoscale/pace.ts";

/** Moves drawn as `"0:+5 30:-2"`. */
function draw(drawn: string): Moves {
  return drawn
    .split(" ")
    .filter((each) => each !== "")
    .map((each) => ({ atMs: Number(each.split(":")[0]) * 1000, by: Number(each.split(":")[1]) }));
}

function percent(out: number | undefined, into: number | undefined) {
  const pace = (percentPerMinute: number | undefined) => ({
    windowSeconds: 0,
    ...(percentPerMinute === undefined ? {} : { percentPerMinute }),
  });
  return { scaleOut: pace(out), scaleIn: pace(into) };
}

describe("how far the way may be gone", () => {
  test.for([
    { name: "to where it already is", target: 10, current: 10, minuteAgo: 10, reached: 10 },
    { name: "out by a tenth, without what fractions add", target: 999, current: 10, minuteAgo: 10, reached: 11 },
    { name: "out by a tenth of many", target: 999, current: 70, minuteAgo: 70, reached: 77 },
    { name: "out by a tenth, rounded up", target: 999, current: 11, minuteAgo: 11, reached: 13 },
    { name: "out by one from none", target: 999, current: 0, minuteAgo: 0, reached: 1 },
    { name: "out no farther than the target", target: 71, current: 70, minuteAgo: 70, reached: 71 },
    { name: "out not behind what there is", target: 999, current: 50, minuteAgo: 10, reached: 50 },
    { name: "in by a tenth", target: 0, current: 10, minuteAgo: 10, reached: 9 },
    { name: "in by a tenth of many, without what fractions lose", target: 0, current: 70, minuteAgo: 70, reached: 63 },
    { name: "in by a tenth, the rest rounded down", target: 0, current: 11, minuteAgo: 11, reached: 9 },
    { name: "in by one", target: 0, current: 2, minuteAgo: 2, reached: 1 },
    { name: "in no farther than the target", target: 69, current: 70, minuteAgo: 70, reached: 69 },
    { name: "in not behind what there is", target: 0, current: 5, minuteAgo: 50, reached: 5 },
  ])("$name: $reached", ({ target, current, minuteAgo, reached }) => {
    expect(paced(target, current, minuteAgo, percent(10, 10))).toBe(reached);
  });

  test("each way has its own pace", () => {
    expect(paced(999, 100, 100, percent(50, 10))).toBe(150);
    expect(paced(0, 100, 100, percent(50, 10))).toBe(90);
    expect(paced(0, 100, 100, percent(10, 100))).toBe(0);
    expect(paced(999, 100, 100, percent(100, 10))).toBe(200);
  });

  test("without a pace all the way is", () => {
    expect(paced(999, 1, 1, percent(undefined, 10))).toBe(999);
    expect(paced(0, 999, 999, percent(10, undefined))).toBe(0);
  });
});

test.for([
  { name: "as many as now", moves: "", count: 10 },
  { name: "without what came since", moves: "50:+3", count: 7 },
  { name: "with what went since", moves: "50:-3", count: 13 },
  { name: "both", moves: "50:-3 90:+2", count: 11 },
  { name: "with what went in this moment", moves: "100:-3", count: 13 },
  { name: "with what went within the minute", moves: "40.001:-3", count: 13 },
  { name: "not with what went a minute ago", moves: "40:-3", count: 10 },
  { name: "never fewer than none", moves: "50:+30", count: 0 },
])("replicas a minute before second 100, of which 10 are left: $name", ({ moves, count }) => {
  expect(replicasMinuteAgo({ replicas: 10, moves: draw(moves) }, 100_000)).toBe(count);
});

describe("moves on record at second 100", () => {
  const nineteen = Array.from({ length: 19 }, (_, index) => `${50 + index}:+1`).join(" ");
  test.for([
    { name: "a move", moves: "", by: 2, record: "100:+2" },
    { name: "a move after others", moves: "41:+1 50:-3", by: 2, record: "41:+1 50:-3 100:+2" },
    { name: "none of a minute ago", moves: "39:+1 40:-3 41:+1", by: -2, record: "41:+1 100:-2" },
    { name: "twenty", moves: nineteen, by: 2, record: `${nineteen} 100:+2` },
    {
      name: "the two oldest of more as one",
      moves: `48:+3 ${nineteen}`,
      by: 2,
      record: `50:+4 ${nineteen.slice("50:+1 ".length)} 100:+2`,
    },
  ])("$name", ({ moves, by, record }) => {
    expect(addMove(draw(moves), by, 100_000)).toEqual(draw(record));
  });

  test("where nothing moves they stay the very same", () => {
    const moves = draw("0:+1");
    expect(addMove(moves, 0, 100_000)).toBe(moves);
  });
});

test("each is forgotten after a minute", () => {
  expect(forgottenAt(draw("0:+5 30:-2"))).toEqual([60_000, 90_000]);
});
