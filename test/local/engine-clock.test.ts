import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { keepAdvancing } from "../../local/engine-clock.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** An engine with things to do at these moments, ms from now. */
function anEngine(...dueMs: number[]) {
  const beganMs = Date.now();
  const due = dueMs.map((ms) => beganMs + ms);
  const done: number[] = [];
  return {
    due,
    done,
    nextDueMs: () => due[0],
    advance: () => {
      while (due[0] !== undefined && due[0] <= Date.now()) done.push(Number(due.shift()) - beganMs);
    },
  };
}

const fail = (fault: unknown) => {
  throw fault;
};

test("an engine advances whenever something is due", async () => {
  const engine = anEngine(100, 250, 3_600_000);
  keepAdvancing(engine, fail).wake();
  await vi.advanceTimersByTimeAsync(250);
  expect(engine.done).toEqual([100, 250]);
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect(engine.done).toEqual([100, 250, 3_600_000]);
});

test("what becomes due earlier is done earlier", async () => {
  const engine = anEngine(10_000);
  const clock = keepAdvancing(engine, fail);
  clock.wake();
  engine.due.unshift(Date.now() + 20);
  clock.wake();
  await vi.advanceTimersByTimeAsync(20);
  expect(engine.done).toEqual([20]);
});

test("an engine with nothing to do is left alone until it is woken", async () => {
  const engine = anEngine();
  const clock = keepAdvancing(engine, fail);
  clock.wake();
  expect(vi.getTimerCount()).toBe(0);
  engine.due.push(Date.now() - 5);
  clock.wake();
  await vi.advanceTimersByTimeAsync(1);
  expect(engine.done).toEqual([-5]);
});

test("time goes on after a fault", async () => {
  const faults: unknown[] = [];
  const engine = anEngine(100);
  let broken = true;
  const advance = () => {
    if (broken) throw new Error("a bug");
    engine.advance();
  };
  keepAdvancing({ ...engine, advance }, (fault) => faults.push(fault)).wake();
  await vi.advanceTimersByTimeAsync(100);
  broken = false;
  await vi.advanceTimersByTimeAsync(1_000);
  expect({ faults, done: engine.done }).toEqual({ faults: [new Error("a bug")], done: [100] });
});

test("nothing happens once it is closed", async () => {
  const engine = anEngine(100);
  const clock = keepAdvancing(engine, fail);
  clock.wake();
  clock.close();
  clock.wake();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(engine.done).toEqual([]);
});
