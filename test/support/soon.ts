import { test } from "vitest";

/** A test of how soon something happens: events make it so, without them each step waits for the sweep. */
export const testSoon = test.skipIf(process.env.LONGSHORE_NO_EVENTS !== undefined);
