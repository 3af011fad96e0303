import { setTimeout as delay } from "node:timers/promises";
import { withEvents } from "./options.ts";

/** The sweep alone takes its time. */
const deadlineSeconds = withEvents ? 60 : 180;
const pauseMs = 100;

/** Looks ten times a second until it holds, and answers what it saw. @throws Error when it takes too long, naming `what` */
export async function eventually<T>(what: string, read: () => Promise<T>, holds: (value: T) => boolean): Promise<T> {
  const deadlineMs = Date.now() + deadlineSeconds * 1000;
  for (;;) {
    const value = await read();
    if (holds(value)) return value;
    if (Date.now() > deadlineMs) throw new Error(`waited ${deadlineSeconds} s for ${what}`);
    await delay(pauseMs);
  }
}

/** @throws Error naming `what` where it does not hold */
export function expect(holds: boolean, what: string): void {
  if (!holds) throw new Error(`expected ${what}`);
}
