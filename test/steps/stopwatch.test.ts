import { expect, test } from "vitest";
import { virtualClock } from "../../sim/clock.ts";
import { startStopwatch } from "../../steps/stopwatch.ts";

test.for([
  { name: "nothing has passed", passed: 0, jumped: 0, elapsed: 0, fresh: true },
  { name: "just fresh", passed: 4_999, jumped: 0, elapsed: 4_999, fresh: true },
  { name: "no longer fresh", passed: 5_000, jumped: 0, elapsed: 5_000, fresh: false },
  { name: "a process that stood still: only wall time tells", passed: 0, jumped: 5_000, elapsed: 5_000, fresh: false },
  {
    name: "a wall clock that was turned back: only monotonic time tells",
    passed: 5_000,
    jumped: -60_000,
    elapsed: 5_000,
    fresh: false,
  },
  { name: "a wall clock that went ahead counts as time", passed: 1_000, jumped: 2_000, elapsed: 3_000, fresh: true },
])("$name", ({ passed, jumped, elapsed, fresh }) => {
  const clock = virtualClock();
  clock.advance(77);
  const stopwatch = startStopwatch(clock);
  clock.advance(passed);
  clock.jump(jumped);
  expect([stopwatch.elapsedMs(), stopwatch.isFresh()]).toEqual([elapsed, fresh]);
});
