import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { startSchedule } from "../../local/schedule.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const never = new Promise<void>(() => {});

test("calls at each interval, first after one", async () => {
  let calls = 0;
  const handler = async () => void calls++;
  const schedule = startSchedule({ intervalMs: 60_000, handler, onFault: () => {} });
  await vi.advanceTimersByTimeAsync(59_999);
  expect(calls).toBe(0);
  await vi.advanceTimersByTimeAsync(120_001);
  expect(calls).toBe(3);
  await schedule.close();
  await vi.advanceTimersByTimeAsync(600_000);
  expect(calls).toBe(3);
});

test("a call that takes too long has failed, and makes room for the next", async () => {
  let calls = 0;
  const faults: unknown[] = [];
  const handler = () => {
    calls++;
    return never;
  };
  startSchedule({ intervalMs: 20_000, handler, timeoutMs: 30_000, onFault: (fault) => faults.push(fault) });
  await vi.advanceTimersByTimeAsync(20_000);
  expect(calls).toBe(1);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(calls).toBe(1);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(calls).toBe(2);
  expect(faults).toEqual([new Error("not done within 30000 ms")]);
});

test("a call that fails is told, and the next one is made", async () => {
  const faults: unknown[] = [];
  const handler = () => Promise.reject(new Error("down"));
  startSchedule({ intervalMs: 1_000, handler, onFault: (fault) => faults.push(fault) });
  await vi.advanceTimersByTimeAsync(2_000);
  expect(faults).toEqual([new Error("down"), new Error("down")]);
});
